"""actions.ticket_status: told only to whom it belongs."""

import pytest

from tests.actions.world import CONTACT, Desk, Talk

REFERENCE = "FL-48317264"


@pytest.mark.parametrize("said", ["FL-48317264", "ticket 4831 7264", "F L four eight three one seven two six four"])
async def test_the_contact_that_opened_it_needs_no_proof(said: str) -> None:
    talk = Talk(desk=Desk(owners={REFERENCE: (CONTACT, None)}))

    told = await talk.hears("action_ticket_status", said, "ticket_status")

    assert told[0] == "utter_status_inProgress"
    assert "utter_status_by" in told


async def test_another_contact_proves_it_with_the_number_left_on_the_ticket() -> None:
    talk = Talk(desk=Desk(owners={REFERENCE: (None, "+441632960123")}))

    asked = await talk.hears("action_ticket_status", "FL-48317264", "ticket_status")
    told = await talk.hears("action_ticket_status_reply", "01632 960123")

    assert asked == ["utter_ask_proof"]
    assert told[0] == "utter_status_inProgress"


async def test_or_with_the_account_and_a_second_fact() -> None:
    talk = Talk(desk=Desk(owners={REFERENCE: (None, "C-1")}))
    await talk.hears("action_ticket_status", "FL-48317264", "ticket_status")

    account = await talk.gives("half")
    told = await talk.gives("verified")

    assert account == ["utter_ask_second_fact"]
    assert told[:2] == ["utter_verified", "utter_status_inProgress"]


async def test_a_wrong_proof_and_an_unknown_ticket_sound_the_same() -> None:
    wrong = Talk(desk=Desk(owners={REFERENCE: (None, "+441632960123")}))
    unknown = Talk()
    replies = []

    for talk in (wrong, unknown):
        first = await talk.hears("action_ticket_status", "FL-48317264", "ticket_status")
        replies.append(first + await talk.hears("action_ticket_status_reply", "01632 960999"))

    assert replies[0] == replies[1]


async def test_without_a_reference_it_asks_for_one() -> None:
    talk = Talk()

    assert await talk.hears("action_ticket_status", "my ticket", "ticket_status") == ["utter_ask_reference"]
    assert talk.said[-1]["custom"]["expects"] == "digits"


async def test_three_failures_offer_a_person() -> None:
    talk = Talk()
    await talk.hears("action_ticket_status", "my ticket", "ticket_status")

    for _ in range(2):
        await talk.hears("action_ticket_status_reply", "hm", "nlu_fallback")

    assert (await talk.hears("action_ticket_status_reply", "hm", "nlu_fallback"))[-1] == "utter_offer_person"


async def test_the_ticket_just_opened_needs_no_reference() -> None:
    talk = Talk(desk=Desk(owners={REFERENCE: (CONTACT, None)}))
    await talk.hears("action_person", "a person", "person")
    await talk.hears("action_person", "a person", "person")

    assert (await talk.hears("action_ticket_status", "and my ticket?", "ticket_status"))[0] == "utter_status_inProgress"


async def test_escalation_away_is_said() -> None:
    talk = Talk(desk=Desk(away=True))

    assert (await talk.hears("action_ticket_status", REFERENCE, "ticket_status"))[0] == "utter_ticket_unavailable"


async def test_why_a_proof_is_wanted_is_said_and_is_no_failure() -> None:
    talk = Talk(desk=Desk(owners={REFERENCE: (None, "+441632960123")}))
    await talk.hears("action_ticket_status", "FL-48317264", "ticket_status")

    said = await talk.hears("action_ticket_status_reply", "why do you need that", "why")

    assert said == ["utter_why_proof", "utter_ask_proof"]
    assert talk.slots["ticket_asked"]["tries"] == 0
