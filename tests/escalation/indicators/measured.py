"""What the board says of a shift: one figure, and what is behind it."""

from typing import Any

from escalation import reception
from escalation.indicators import board
from escalation.indicators.figures import BoardAsked, Figure, Sample
from tests.escalation.shift import Shift

SUPERVISOR = "sam.okoye"


async def figure(shift: Shift, key: str, **asked: Any) -> Figure:
    return (await board.behind(shift.office, SUPERVISOR, key, BoardAsked(**asked), limit=1, offset=0)).figure


async def samples(shift: Shift, key: str, **asked: Any) -> tuple[Sample, ...]:
    return (await board.behind(shift.office, SUPERVISOR, key, BoardAsked(**asked), limit=50, offset=0)).samples


async def waits(shift: Shift, channel: Any = "chat", *, caller: str | None = None, **known: Any) -> tuple[Any, str]:
    """A customer who waits for a person from now on; the contact and the reference of the ticket."""
    contact_id = await shift.contact(channel, caller=caller)
    handed = await shift.hand_over(contact_id, live=True, **known)
    return contact_id, handed.ticket.reference


async def accepted_after(shift: Shift, seconds: float, **known: Any) -> str:
    _, reference = await waits(shift, **known)
    shift.watch.advance(seconds=seconds)
    await shift.act(SUPERVISOR, reference, "accept")
    return reference


async def leaves(shift: Shift, contact_id: Any, outcome: Any = "unconfirmed", **said: Any) -> None:
    await reception.finish_contact(shift.office, contact_id, outcome, **said)
