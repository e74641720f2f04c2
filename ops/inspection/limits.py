"""The shape of data/operator/inspection.yml: from which measure on the inspection warns, and from which it is bad."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ops.inspection.finding import State
from settings import ROOT

FILE = ROOT / "data" / "operator" / "inspection.yml"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class LimitsWrong(Exception):
    """The message names the file, the line and what is wrong there."""


def _seconds(written: Any) -> Any:
    """'90s', '15m', '26h', '30d'; a number is left as it is."""
    if isinstance(written, str) and (found := re.fullmatch(r"(\d{1,6})([smhd])", written.strip())):
        return int(found[1]) * _SECONDS[found[2]]
    return written


Amount = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AtMost(_Entry):
    """The more, the worse."""

    warn: Amount
    bad: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn > self.bad:
            raise ValueError("warn must not be more than bad")
        return self

    def judge(self, measured: float) -> State:
        return State.BAD if measured >= self.bad else State.WARN if measured >= self.warn else State.OK


class AtLeast(_Entry):
    """The less, the worse."""

    warn: Amount
    bad: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn < self.bad:
            raise ValueError("warn must not be less than bad")
        return self

    def judge(self, measured: float) -> State:
        return State.BAD if measured <= self.bad else State.WARN if measured <= self.warn else State.OK


class Limits(_Entry):
    """Times are in seconds once they are read."""

    each_check_within: Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=60)]
    queue_oldest: AtMost
    queue_dead: AtMost
    disk_free_gb: AtLeast
    database_gb: AtMost
    redis_gb: AtMost
    clock_skew: AtMost
    certificate_left: AtLeast
    backup_age: AtMost
    last_event_age: AtMost
    watch_age: AtMost
    clocks_proven_age: AtMost
    index_age: AtMost
    review_articles_every: Annotated[float, BeforeValidator(_seconds), Field(gt=0)]
    articles_past_review: AtMost
    failed_answers_pct: AtMost

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        """Raises LimitsWrong."""
        try:
            text = file.read_text(encoding="utf-8")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            return cls.model_validate(yaml.safe_load(text))
        except (OSError, yaml.YAMLError) as error:
            raise LimitsWrong(f"{file.name}: {error}") from error
        except ValidationError as error:
            faults = [(fault["loc"], fault["msg"]) for fault in error.errors(include_url=False, include_context=False)]
            told = [f"{file.name}:{_line(node, places)}: {_path(places)}: {fault}" for places, fault in faults]
            raise LimitsWrong("\n".join(told)) from None


def told_s(seconds: float) -> str:
    """A time as people say it, in its largest whole unit: '3 d', '26 h', '15 min', '2.5 s'."""
    time = timedelta(seconds=seconds)
    for size, unit in ((timedelta(days=2), "d"), (timedelta(hours=2), "h"), (timedelta(minutes=2), "min")):
        if time >= size:
            return f"{time / (size / 2):.0f} {unit}"
    return f"{seconds:.3g} s"


def _path(places: Iterable[int | str]) -> str:
    return ".".join(map(str, places)) or "the file"


def _line(node: yaml.Node | None, places: Iterable[int | str]) -> int:
    """Of the innermost part of the path that the file has."""
    line = 1
    for place in places:
        if not isinstance(node, yaml.MappingNode):
            break
        found = next(((key, value) for key, value in node.value if key.value == place), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
