"""actions.outage: a known outage at a verified customer's place comes before article and steps."""

from dataclasses import replace
from datetime import timedelta

from actions.memory import Known
from knowledge.answer import Answer, Decision
from subscriber.client import Outage
from tests.actions.world import BROOKSIDE, NOW, Operator, Talk, answers, article, asks_back

SLOW = "my broadband is slow"
FAULT = article("broadband-slow-tonight")


def verified(outage: Outage | None = BROOKSIDE, *, away: bool = False, **decisions: Decision) -> Talk:
    told = decisions or answers("broadband-slow-tonight", "wifi-password-find-change", "mobile-no-signal")
    talk = Talk(decisions=told, operator=Operator(outage=outage, outages_away=away))
    talk.slots["customer"] = Known(customer_id="C-1", phone="+441632960001").model_dump()
    return talk


async def test_it_is_told_instead_of_the_steps_and_the_report_is_added_without_a_question() -> None:
    talk = verified()

    said = await talk.hears("action_question", SLOW)

    assert said == ["utter_outage", "utter_outage_by", "utter_report_added", "utter_anything_else"]
    assert (talk.said[0]["place"], talk.said[1]["by"]) == ("Brookside", "18:00 today")
    (signals,) = talk.desk.opened.values()
    assert (signals.reason, signals.live, signals.reachable) == ("outage", False, "+441632960001")
    assert signals.checks[0].result == "fault: SP-1, Brookside"
    assert signals.articles == ()


async def test_on_the_phone_nobody_is_rung_for_it() -> None:
    talk = verified()
    talk.slots |= {"medium": "ear", "caller": "+447700900177"}

    await talk.hears("action_question", SLOW)

    (signals,) = talk.desk.opened.values()
    assert (signals.live, signals.reachable) == (False, "+447700900177")


async def test_who_is_not_verified_goes_through_the_steps() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=Operator(outage=BROOKSIDE))

    assert await talk.hears("action_question", SLOW) == ["utter_flow_begins", "utter_offer_check"]


async def test_an_outage_of_another_service_explains_nothing() -> None:
    talk = verified()

    assert (await talk.hears("action_question", "my mobile is dead"))[0] == "utter_flow_begins"


async def test_how_to_do_something_is_answered_in_an_outage_too() -> None:
    talk = verified()

    assert (await talk.hears("action_question", "my wifi password"))[0] == "utter_article"


async def test_it_is_told_once_and_reported_once() -> None:
    talk = verified()
    await talk.hears("action_question", SLOW)

    again = await talk.hears("action_choose", SLOW)

    assert again[0] == "utter_outage_still"
    assert "utter_flow_begins" in again
    assert len(talk.desk.opened) == 1


async def test_the_operators_systems_away_is_as_if_there_were_none() -> None:
    talk = verified(away=True)

    assert (await talk.hears("action_question", SLOW))[0] == "utter_flow_begins"


async def test_it_comes_before_the_question_which_fault_is_meant() -> None:
    talk = verified(broadband=asks_back("broadband-slow-tonight", "wifi-weak-room"))

    assert (await talk.hears("action_question", SLOW))[0] == "utter_outage"


async def test_choices_of_two_services_are_asked_back_first() -> None:
    talk = verified(broadband=asks_back("broadband-slow-tonight", "mobile-no-signal"))

    assert await talk.hears("action_question", SLOW) == ["utter_which"]


async def test_planned_work_is_called_so_and_an_end_that_is_past_is_not_told() -> None:
    work = replace(BROOKSIDE, planned=True, expected_end=NOW - timedelta(hours=1))
    talk = verified(work)

    assert (await talk.hears("action_question", SLOW))[:2] == ["utter_planned_work", "utter_outage_what"]


async def test_found_in_the_steps_it_is_told_with_what_is_known_and_reported() -> None:
    talk = Talk(
        decisions={"broadband": Answer(article=FAULT, confidence=0.97)},
        operator=Operator(result="fault", outage=BROOKSIDE),
    )
    await talk.hears("action_question", SLOW)
    await talk.hears("action_flow_reply", "Check my line", "affirm")

    said = await talk.gives("verified")

    assert said[1:] == [
        "utter_checked",
        "utter_article",
        "utter_outage_by",
        "utter_report_added",
        "utter_anything_else",
    ]
    (signals,) = talk.desk.opened.values()
    assert (signals.reason, signals.department) == ("outage", "fixed-access")
