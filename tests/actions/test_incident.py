"""actions.incident: a fault is reported where the customer is known to be, and a major incident there comes first."""

from datetime import timedelta

from actions.memory import Known
from escalation.client import MajorIncident
from tests.actions.world import BROOKSIDE, CONTACT, NOW, Desk, Operator, Talk, answers

SLOW = "my broadband is slow"
CUT = MajorIncident(
    reference="FL-48317264",
    area="LF1",
    service="broadband",
    began_at=NOW - timedelta(minutes=20),
    expected_end=NOW + timedelta(hours=4),
    cause="A cable was cut.",
)


def talk_of(*incidents: MajorIncident, verified: bool = True, operator: Operator | None = None) -> Talk:
    talk = Talk(
        decisions=answers("broadband-slow-tonight", "wifi-password-find-change", "bill-went-up"),
        desk=Desk(incidents=list(incidents)),
        operator=operator or Operator(),
    )
    if verified:
        talk.slots["customer"] = Known(customer_id="C-1", phone="+441632960001", district="LF1").model_dump()
    return talk


async def test_a_fault_is_reported_when_it_is_said_whatever_becomes_of_it() -> None:
    talk = talk_of()

    said = await talk.hears("action_question", SLOW)

    assert said[0] == "utter_flow_begins"
    report = talk.desk.reported[0]
    assert (report.area, report.service, report.reporter) == ("LF1", "broadband", "C-1")
    assert (report.contact_id, report.problem, report.explained_by) == (CONTACT, SLOW, None)


async def test_a_confirmed_incident_is_told_instead_of_the_steps_and_the_report_becomes_a_ticket() -> None:
    talk = talk_of(CUT)

    said = await talk.hears("action_question", SLOW)

    assert said == ["utter_outage", "utter_outage_by", "utter_report_added", "utter_anything_else"]
    assert (talk.said[0]["place"], talk.said[1]["what"], talk.said[1]["by"]) == (
        "LF1",
        "A cable was cut.",
        "18:00 today",
    )
    (signals,) = talk.desk.opened.values()
    assert (signals.reason, signals.checks[0].result) == ("outage", "fault: FL-48317264, LF1")


async def test_an_outage_that_the_operator_knows_is_reported_as_explained() -> None:
    talk = talk_of(operator=Operator(outage=BROOKSIDE))

    await talk.hears("action_question", SLOW)

    assert [report.explained_by for report in talk.desk.reported] == ["SP-1"]


async def test_how_to_do_something_and_a_bill_are_no_faults() -> None:
    talk = talk_of(CUT)

    await talk.hears("action_question", "my wifi password")
    await talk.hears("action_question", "my bill is higher")

    assert talk.desk.reported == []


async def test_who_is_not_verified_is_placed_by_the_postcode_they_name() -> None:
    talk = talk_of(CUT, verified=False)

    said = await talk.hears("action_question", "my broadband is slow, I live in lf1 2ab")

    assert said[0] == "utter_outage"
    assert talk.desk.reported[0].reporter == str(CONTACT)


async def test_a_caller_is_placed_by_their_number_and_stays_unverified() -> None:
    talk = talk_of(CUT, verified=False)
    talk.slots |= {"medium": "ear", "caller": "+441632960001"}

    said = await talk.hears("action_question", SLOW)

    assert said[0] == "utter_outage"
    report = talk.desk.reported[0]
    assert (report.reporter, report.customer_id) == ("C-1", None)


async def test_of_whom_nobody_knows_where_they_are_nothing_is_reported() -> None:
    talk = talk_of(CUT, verified=False)

    assert (await talk.hears("action_question", SLOW))[0] == "utter_flow_begins"
    assert talk.desk.reported == []


async def test_the_welcome_on_the_phone_tells_what_hits_the_callers_district_first() -> None:
    elsewhere = CUT.model_copy(update={"area": "LF9"})
    talk = talk_of(elsewhere, CUT, verified=False)
    talk.slots |= {"medium": "ear", "caller": "+441632960001"}

    said = await talk.hears("action_greet", "/greet", "greet")

    assert said == ["utter_major_incident_by", "utter_welcome"]
    assert (talk.said[0]["place"], talk.said[0]["service"]) == ("LF1", "broadband")


async def test_an_unknown_caller_is_not_kept_waiting_with_news_and_a_chatter_reads_them() -> None:
    caller, chatter = talk_of(CUT, verified=False), talk_of(CUT, verified=False)
    caller.slots |= {"medium": "ear", "caller": "+447700900999"}

    assert await caller.hears("action_greet", "/greet", "greet") == ["utter_welcome"]
    assert (await chatter.hears("action_greet", "/greet", "greet"))[0] == "utter_major_incident_by"


async def test_an_end_that_is_past_or_unknown_is_not_told() -> None:
    talk = talk_of(CUT.model_copy(update={"expected_end": NOW - timedelta(hours=1), "cause": ""}), verified=False)

    assert (await talk.hears("action_greet", "/greet", "greet"))[0] == "utter_major_incident"
    assert talk.said[0]["what"] == "The cause is being looked for."


async def test_found_by_the_check_in_the_steps_it_ends_them() -> None:
    talk = talk_of(CUT, verified=False)
    await talk.hears("action_question", SLOW)
    await talk.hears("action_flow_reply", "Check my line", "affirm")

    said = await talk.hears("action_verify_reply", "10023456 LF1 2AB")

    assert said[1:4] == ["utter_checked", "utter_article", "utter_outage_by"]
    assert {report.reporter for report in talk.desk.reported} == {"C-1"}


async def test_escalation_away_is_as_if_nothing_were_known() -> None:
    talk = talk_of(CUT)
    talk.desk.away = True

    assert (await talk.hears("action_question", SLOW))[0] == "utter_flow_begins"
    assert await talk_of(CUT).hears("action_greet", "/greet", "greet") != []
