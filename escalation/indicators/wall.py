"""The live wall: what happens this minute, as supervisors see it."""

from pydantic import AwareDatetime

from escalation.storable import Wire
from escalation.wire import AgentState, Channel, Priority


class WaitingRow(Wire):
    """A customer who waits for a person now."""

    reference: str
    channel: Channel | None
    priority: Priority
    tier: int
    waits_since: AwareDatetime


class RiskRow(Wire):
    """An open ticket whose next deadline is near or past."""

    reference: str
    priority: Priority
    tier: int
    due_at: AwareDatetime
    agent_name: str | None


class AgentRow(Wire):
    name: str
    tier: int
    state: AgentState | None  # None: has not said anything yet
    since: AwareDatetime | None


class Wall(Wire):
    at: AwareDatetime
    chats: int  # in progress, with the assistant or a person
    calls: int
    with_person: int  # of these
    waiting: tuple[WaitingRow, ...]  # who has waited longest first
    waiting_count: int
    at_risk: tuple[RiskRow, ...]  # the nearest deadline first
    at_risk_count: int
    agents: tuple[AgentRow, ...]
