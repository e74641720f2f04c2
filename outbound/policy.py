"""The operator's rules for writing to customers: data/operator/outbound.yml."""

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field

from outbound.message import Kind

# They answer what the customer asked for just now, or something somebody waits for.
TRANSACTIONAL: frozenset[Kind] = frozenset({"ticket_opened", "ticket_update", "steps", "code", "transcript", "report"})

MOST_TRIES = 12  # with the delays below about 80 minutes
FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 900.0
KEEP_TRYING = timedelta(days=3)  # older news about a ticket would only confuse
KEEP_TRYING_A_CODE = timedelta(minutes=5)  # the customer waits for it, and it is not good for long


class Hours(BaseModel):
    model_config = ConfigDict(frozen=True)

    start: time = Field(alias="from")
    end: time = Field(alias="until")


class Policy(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    time_zone: ZoneInfo
    announcements: Hours
    subjects: dict[Kind, str]

    @classmethod
    def read(cls, file: Path) -> "Policy":
        return cls.model_validate(yaml.safe_load(file.read_text("utf-8")))

    def may_go_at(self, kind: Kind, now: datetime) -> datetime:
        """`now`, or the next moment at which a message of this kind is welcome."""
        local = now.astimezone(self.time_zone)
        if kind in TRANSACTIONAL or self.announcements.start <= local.time() < self.announcements.end:
            return now
        day = local.date() if local.time() < self.announcements.start else local.date() + timedelta(days=1)
        return datetime.combine(day, self.announcements.start, tzinfo=self.time_zone)


def keep_trying(kind: Kind) -> timedelta:
    return KEEP_TRYING_A_CODE if kind == "code" else KEEP_TRYING


def retry_delay_s(tries: int, jitter: float) -> float:
    """Doubles with each try; `jitter` in [0, 1) takes up to half away, so that waiting messages do not come at once."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** (tries - 1)) * (1 - jitter / 2)
