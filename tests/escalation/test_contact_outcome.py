"""How a contact ended."""

from escalation.contact import outcome_of


def test_a_ticket_makes_it_handed_over_whatever_the_front_door_saw() -> None:
    assert outcome_of("dropped", earlier=None, has_ticket=True, person_missed=False) == "handed_over"


def test_a_customer_who_waited_for_a_person_in_vain_is_not_counted_as_served() -> None:
    assert outcome_of("handed_over", earlier=None, has_ticket=True, person_missed=True) == "wanted_person_got_none"


def test_a_later_report_that_knows_less_changes_nothing() -> None:
    found = outcome_of("dropped", earlier="confirmed_solved", has_ticket=False, person_missed=False)

    assert found == "confirmed_solved"
