"""What the system finds out itself about a fault: account, known outage, line test; asked once a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from actions import incident
from actions.memory import Found, Known
from actions.turn import Turn
from escalation.client import Check
from knowledge.answer import Flow
from subscriber.client import FaultCheck, Kind

Result = Literal["ok", "fault", "unknown"]
SKIPPED = "skipped"  # what the ticket says when the customer went on without


def kind_of(topic: str) -> Kind:
    """The service a topic is about."""
    if topic.startswith("mobile") or topic in {"sim", "roaming", "messaging", "device"}:
        return "mobile"
    if topic == "tv":
        return "tv"
    return "landline" if topic == "landline" else "broadband"


@dataclass(frozen=True, slots=True)
class Wording:
    """The responses around the checks of a flow, which say what is looked at and nothing else."""

    offer: str
    checked: str
    in_order: str
    names: frozenset[str]  # of the checks that they speak of


def wording(flow: Flow) -> Wording:
    names = frozenset(step.check for step in flow.steps if step.check)
    if names <= {"account"}:
        return Wording("utter_offer_check_account", "utter_checked_account", "utter_checked_account_ok", names)
    if "line_test" not in names:
        return Wording("utter_offer_check_outage", "utter_checked_outage", "utter_checked_outage_ok", names)
    everything = frozenset({"account", "outage", "line_test"})
    if kind_of(flow.topic) == "mobile":
        return Wording("utter_offer_check_mobile", "utter_checked_mobile", "utter_checked_mobile_ok", everything)
    return Wording("utter_offer_check", "utter_checked", "utter_checked_ok", everything)


async def made(turn: Turn, name: str, kind: Kind, *, skipped: bool, words: Wording) -> Result:
    """The result of one check. The first one makes all three, because they are made at the same time. Another service
    is checked afresh, and so is what had been skipped."""
    found, customer_id = turn.recall(Found), turn.recall(Known).customer_id
    if skipped or customer_id is None:
        if not any(check.name == name for check in found.checks):
            note(turn, name, SKIPPED, found.kind)
        return "unknown"
    if found.kind != kind or not any(check.name == name and check.result != SKIPPED for check in found.checks):
        results = await turn.tools.subscriber.check_fault(customer_id, kind)
        for each in results:
            note(turn, each.name, _written(each.result, each.detail), kind)
        found_here = await incident.reported(turn, kind, None) if _may_be_an_incident(results, words) else None
        if found_here is not None:
            note(turn, "outage", _written("fault", f"{found_here.problem_id}, {found_here.place}"), kind)
        in_order = found_here is None and all(each.result == "ok" for each in results if each.name in words.names)
        turn.say(words.in_order if in_order else words.checked)
    result = next((check.result for check in turn.recall(Found).checks if check.name == name), "").split(":")[0]
    return "ok" if result == "ok" else "fault" if result == "fault" else "unknown"


def _may_be_an_incident(results: Sequence[FaultCheck], words: Wording) -> bool:
    """A barred account and an outage that the operator knows explain the fault; a question of the account is none."""
    return "outage" in words.names and not any(
        check.result == "fault" and check.name in {"account", "outage"} for check in results
    )


def note(turn: Turn, name: str, result: str, kind: str) -> None:
    """For the ticket: what was found now counts; checks of another service are no longer of use."""
    found = turn.recall(Found)
    kept = tuple(check for check in found.checks if check.name != name and found.kind in {kind, ""})
    checks = (*kept, Check(name=name, result=result, at=turn.tools.now()))
    turn.remember(found.model_copy(update={"checks": checks, "kind": kind}))


def _written(result: str, detail: str) -> str:
    return f"{result}: {detail}" if detail else result
