"""What every check is given: where Firstline is, what is too much, and what time it is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx
import yaml

from ops.inspection.finding import Finding, State
from ops.inspection.limits import AtLeast, AtMost, Limits, told_s
from settings import Settings

_ADVICE = Path(__file__).with_name("advice.yml")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    settings: Settings
    limits: Limits
    http: httpx.AsyncClient
    now: Callable[[], datetime] = field(default=utc_now)

    @property
    def internal(self) -> dict[str, str]:
        """The header of our own programs."""
        return {"Authorization": f"Bearer {self.settings.firstline_internal_token.get_secret_value()}"}


Check = Callable[[Place], Awaitable[Sequence[Finding]]]


def found(about: str, state: State, measure: str, threshold: str = "") -> Finding:
    """Its first word chooses the advice, unless it is well."""
    advice = "" if state is State.OK else advices()[about.partition(" ")[0]]
    return Finding(about, state, measure, threshold, advice)


def judged(about: str, limit: AtMost | AtLeast, measured: float, told: str, tell: Callable[[float], str]) -> Finding:
    """`tell` words a limit as `told` words the measure."""
    sign = "<" if isinstance(limit, AtMost) else ">"
    return found(about, limit.judge(measured), told, f"{sign} {tell(limit.warn)}, bad from {tell(limit.bad)}")


def aged(about: str, limit: AtMost, age_s: float, said: str = "{} ago") -> Finding:
    return judged(about, limit, age_s, said.format(told_s(age_s)), told_s)


@cache
def advices() -> dict[str, str]:
    return dict(yaml.safe_load(_ADVICE.read_text(encoding="utf-8")))
