"""The part of the door that is about calls that we make."""

from uuid import UUID

from escalation.calls.call_wire import CallAbout, CallAnswered, CallEnd, KeyAnswer
from escalation.link import Link

PATH = "/escalation/v1/calls"


class CallClient:
    """What `escalation.client.EscalationClient` can do about them; it owns the link."""

    _link: Link

    async def picked_up(self, call_id: UUID) -> CallAbout | None:
        """What to ask who picked up; None when it was settled in the meantime."""
        reply = await self._link.post(f"{PATH}/{call_id}/picked-up", {})
        return CallAbout.model_validate_json(reply.content) if reply.content != b"null" else None

    async def call_answered(self, call_id: UUID, answer: KeyAnswer) -> CallAnswered:
        """What their answer came to. The first one counts, however often it is told."""
        reply = await self._link.post(f"{PATH}/{call_id}/answer", {"answer": answer})
        return CallAnswered.model_validate_json(reply.content)

    async def call_ended(self, call_id: UUID, how: CallEnd, *, call_sid: str = "") -> None:
        """Idempotent; a call that has been answered by a key keeps that outcome."""
        await self._link.post(f"{PATH}/{call_id}/ended", {"outcome": how, "call_sid": call_sid})
