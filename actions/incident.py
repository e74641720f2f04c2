"""Faults that are reported, and major incidents: where the customer is, what is known there, told before all else."""

from actions.memory import Known, Question, Thread
from actions.turn import Turn
from actions.when import by_when
from escalation.client import EscalationUnavailable, FaultReport, MajorIncident, ReportTaken
from subscriber.client import Kind, Outage, SubscriberUnavailable

MOST_TOLD = 3  # at a welcome


async def reported(turn: Turn, kind: Kind, known: Outage | None = None) -> Outage | None:
    """Report the fault, and hear what explains it. `known`: what the operator's own systems say.

    Nothing is reported of a customer of whom nobody can say where they are.
    """
    district = await _district(turn)
    if not district:
        return known
    customer, thread = turn.recall(Known), turn.recall(Thread)
    said = FaultReport(
        contact_id=turn.contact_id,
        channel=turn.channel,
        area=district,
        service=kind,
        reporter=customer.customer_id or thread.caller_id or str(turn.contact_id),
        customer_id=customer.customer_id,
        reachable=turn.caller or customer.phone or None,
        problem=turn.recall(Question).problem or turn.text,
        at=turn.tools.now(),
        explained_by=known.problem_id if known else None,
    )
    try:
        taken = await turn.tools.telling.report_fault(said)
    except EscalationUnavailable:
        return known
    return known or (_explained(turn, taken, kind, district) if taken else None)


async def announce(turn: Turn) -> None:
    """At the welcome. On the phone only what hits the caller's district; on a screen, where nobody has to listen to
    it to the end, every one when it is not known where the customer is."""
    district = await _district(turn)
    if not district and turn.medium == "ear":
        return
    try:
        incidents = await turn.tools.escalation.major_incidents(area=district or None)
    except EscalationUnavailable:
        return
    for incident in incidents[:MOST_TOLD]:
        _tell(turn, incident)


def _tell(turn: Turn, incident: MajorIncident) -> None:
    what = incident.cause or turn.phrase("phrase_cause_unknown")
    about = {
        "announcement": incident.reference,
        "area": incident.area,
        "service": incident.service,
        "reporter": turn.recall(Thread).caller_id or turn.caller or "",
    }
    service = turn.phrase(f"phrase_service_{incident.service}")
    if incident.expected_end and incident.expected_end > turn.tools.now():
        by = by_when(turn, incident.expected_end)
        turn.say("utter_major_incident_by", service=service, place=incident.area, what=what, by=by, about=about)
    else:
        turn.say("utter_major_incident", service=service, place=incident.area, what=what, about=about)


def _explained(turn: Turn, taken: ReportTaken, kind: Kind, district: str) -> Outage | None:
    """As the operator's own systems would have told it."""
    if incident := taken.incident:
        return Outage(
            problem_id=incident.reference,
            place=incident.area,
            services=(kind,),
            started_at=incident.began_at,
            expected_end=incident.expected_end,
            planned=False,
            summary=incident.cause or turn.phrase("phrase_cause_unknown"),
        )
    if window := taken.maintenance:
        return Outage(
            problem_id=window.reference,
            place=district,
            services=(kind,),
            started_at=window.starts_at,
            expected_end=window.ends_at,
            planned=True,
            summary=turn.phrase("phrase_maintenance"),
        )
    return None


async def _district(turn: Turn) -> str:
    """Of the verified customer, else of the postcode they named, else of who has the caller's number; "" without."""
    customer, thread = turn.recall(Known), turn.recall(Thread)
    if customer.district:
        return customer.district
    district_in = turn.tools.subscriber.district_in
    if named := district_in(turn.text) or district_in(turn.recall(Question).problem):
        thread = thread.model_copy(update={"district": named})
        turn.remember(thread)
    elif not thread.district and turn.caller and not thread.caller_id:
        thread = await _of_caller(turn, thread, turn.caller)
    return thread.district


async def _of_caller(turn: Turn, thread: Thread, caller: str) -> Thread:
    try:
        home = await turn.tools.subscriber.home_of(caller)
    except SubscriberUnavailable:
        return thread
    if home is not None:
        thread = thread.model_copy(update={"caller_id": home[0], "district": home[1]})
        turn.remember(thread)
    return thread
