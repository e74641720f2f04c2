"""What the system finds out itself about a fault: account, known outage, line test; asked once a conversation."""

from typing import Literal

from actions.memory import Found, Known
from actions.turn import Turn
from escalation.client import Check
from subscriber.client import Kind

Result = Literal["ok", "fault", "unknown"]
SKIPPED = "skipped"  # what the ticket says when the customer went on without


def kind_of(topic: str) -> Kind:
    """The service a topic is about."""
    if topic.startswith("mobile") or topic in {"sim", "roaming", "messaging", "device"}:
        return "mobile"
    if topic == "tv":
        return "tv"
    return "landline" if topic == "landline" else "broadband"


async def made(turn: Turn, name: str, kind: Kind, *, skipped: bool) -> Result:
    """The result of one check. The first one makes all three, because they are made at the same time."""
    found, known = turn.recall(Found), turn.recall(Known)
    if not any(check.name == name for check in found.checks):
        now = turn.tools.now()
        if skipped or known.customer_id is None:
            checks = [Check(name=name, result=SKIPPED, at=now)]
        else:
            results = await turn.tools.subscriber.check_fault(known.customer_id, kind)
            checks = [Check(name=check.name, result=_written(check.result, check.detail), at=now) for check in results]
            turn.say("utter_checked")
        found = found.model_copy(update={"checks": (*found.checks, *checks)})
        turn.remember(found)
    result = next((check.result for check in found.checks if check.name == name), "unknown")
    for value in ("ok", "fault"):
        if result.split(":")[0] == value:
            return value
    return "unknown"


def _written(result: str, detail: str) -> str:
    return f"{result}: {detail}" if detail else result
