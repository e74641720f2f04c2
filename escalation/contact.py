"""A contact: one conversation or call, and how it ended."""

from escalation.wire import Outcome

# When an end is reported more than once, or reported by one who knows less: the outcome that says more stays.
_WEIGHT: dict[Outcome, int] = {
    "dropped": 0,
    "unconfirmed": 1,
    "confirmed_solved": 2,
    "wanted_person_got_none": 3,
    "handed_over": 4,
}


def outcome_of(reported: Outcome, *, earlier: Outcome | None, has_ticket: bool, person_missed: bool) -> Outcome:
    """What is stored when a front door reports the end of a contact.

    `has_ticket`: this contact opened one. `person_missed`: it wanted a person now and none had accepted when it
    ended; that outweighs the ticket, or the customers we fail most would be counted as served.
    """
    if person_missed:
        return "wanted_person_got_none"
    if has_ticket:
        return "handed_over"
    if earlier is not None and _WEIGHT[earlier] > _WEIGHT[reported]:
        return earlier
    return reported
