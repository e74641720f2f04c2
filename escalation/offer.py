"""An offer: a ticket is put before one person, who accepts or refuses it in time, or the next one is asked. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from escalation.roster import Worker, Workers, stand_in


class Outcome(StrEnum):
    """How an offer ended. After all but the first and the last the next person is asked."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    OFF_DUTY = "off_duty"  # went home, on leave, away or on a break
    OVERLOADED = "overloaded"  # has come to their maximum with other tickets
    WITHDRAWN = "withdrawn"  # somebody else took it, it went to another tier, or it ended


# Whoever did not have the chance to answer may be asked anew once they are back.
COULD_NOT_ANSWER = frozenset({Outcome.OFF_DUTY, Outcome.OVERLOADED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What one of us does now."""

    state: str | None  # escalation/agent_state.py; None: has not said anything yet
    since: datetime | None
    accepted: int  # open tickets that are theirs
    offered: int  # waiting for their answer

    @property
    def load(self) -> int:
        return self.accepted + self.offered


NOBODY_SEEN = Presence(state=None, since=None, accepted=0, offered=0)
_GONE = frozenset({"away", "break"})


@dataclass(frozen=True, slots=True)
class Floor:
    """Everybody at one instant: what the roster says of them, and what they do."""

    at: datetime
    workers: Workers
    seen: Mapping[str, Presence]

    def presence(self, username: str) -> Presence:
        return self.seen.get(username, NOBODY_SEEN)

    def is_available(self, username: str, skill: str | None) -> bool:
        """On duty, ready, below the maximum, with the skill when one is needed."""
        worker, presence = self.workers[username], self.presence(username)
        return (
            worker.is_on_duty(self.at)
            and presence.state == "ready"
            and presence.load < worker.maximum
            and (skill is None or skill in worker.skills)
        )


def choose(floor: Floor, regular: Iterable[str], skill: str | None, already: Collection[str]) -> str | None:
    """The best of those who may be asked: least loaded, then longest idle.

    `regular` work in the ticket's tier and department; for one who is absent their substitute comes in. Nobody in
    `already`, who was asked in this round, is asked again. None: nobody is left.
    """
    able = {
        person
        for name in regular
        if (person := stand_in(name, floor.workers, floor.at)) is not None
        and person not in already
        and floor.is_available(person, skill)
    }
    return min(able, key=lambda name: _rank(floor, name), default=None)


def over_for(floor: Floor, username: str, due_at: datetime) -> Outcome | None:
    """Whether an offer that nobody has answered is over, and why."""
    worker: Worker | None = floor.workers.get(username)
    presence = floor.presence(username)
    if worker is None or not worker.is_on_duty(floor.at) or presence.state in _GONE:
        return Outcome.OFF_DUTY
    if presence.accepted >= worker.maximum:
        return Outcome.OVERLOADED
    return Outcome.NO_ANSWER if due_at <= floor.at else None


def _rank(floor: Floor, username: str) -> tuple[int, datetime, str]:
    presence = floor.presence(username)
    return presence.load, presence.since or floor.at, username
