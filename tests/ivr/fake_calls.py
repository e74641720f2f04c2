"""The desk's side of a call that we make: one call, about one ticket."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

from escalation.client import CallAbout, CallAnswered, CalledCustomer, CallEnd, EscalationUnavailable, KeyAnswer

CUSTOMER = "+447700900123"


@dataclass
class FakeCall:
    """`line`: the people's number, None when nobody can be had. `closes`: whether a solved ticket may be closed."""

    purpose: Literal["callback", "confirmation"]
    line: str | None = None
    place: int | None = None
    is_needed: bool = True
    is_away: bool = False
    closes: bool = True
    call_id: UUID = field(default_factory=uuid4)
    contact_id: UUID = field(default_factory=uuid4)
    answers: list[KeyAnswer] = field(default_factory=list)
    ends: list[CallEnd] = field(default_factory=list)

    def picked_up(self, call_id: UUID) -> CallAbout | None:
        self._reach()
        if call_id != self.call_id or not self.is_needed:
            return None
        return CallAbout(purpose=self.purpose, language="en")

    def answered(self, call_id: UUID, answer: KeyAnswer) -> CallAnswered:
        self._reach()
        if call_id != self.call_id or not self.is_needed:
            return CallAnswered(became="over")
        self.answers.append(answer)
        customer = CalledCustomer(
            contact_id=self.contact_id,
            language="en",
            number=CUSTOMER,
            reference="FL-48317264",
            respond_by=None,
            problem="my line is dead",
            dial=self.line,
            queue_position=self.place,
            expected_wait_s=None,
        )
        match self.purpose, answer:
            case _, "later":
                return CallAnswered(became="later")
            case _, "never":
                return CallAnswered(became="dropped")
            case "confirmation", "yes":
                return CallAnswered(became="closed" if self.closes else "noted")
            case "confirmation", _:
                return CallAnswered(became="reopened", caller=customer)
        return CallAnswered(became="connect", caller=customer)

    def ended(self, call_id: UUID, how: CallEnd) -> None:
        self._reach()
        assert call_id == self.call_id
        self.ends.append(how)

    def _reach(self) -> None:
        if self.is_away:
            raise EscalationUnavailable("away")
