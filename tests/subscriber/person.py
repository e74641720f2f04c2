"""Somebody who proves who they are, and the clock of the checks."""

import itertools
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from subscriber.client import Given, Outcome, Standing, Verification

_turns = itertools.count(1)


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Person:
    """One conversation with the door; `caller` is whom it comes from."""

    door: Verification
    caller: str = "+447700900999"
    contact: UUID = field(default_factory=uuid4)

    async def gives(self, words: str, *, keyed: bool = False, turn: str = "") -> Outcome:
        return (await self.told(words, keyed=keyed, turn=turn)).outcome

    async def told(self, words: str, *, keyed: bool = False, turn: str = "") -> Given:
        turn = turn or f"t{next(_turns)}"
        return await self.door.give(self.contact, words, figures=words, turn_id=turn, caller=self.caller, keyed=keyed)

    async def standing(self) -> Standing:
        return await self.door.standing(self.contact)
