"""The remote test of a fixed line."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

CheckResult = Literal["ok", "fault", "unknown"]


@dataclass(frozen=True, slots=True)
class LineTest:
    service_id: str
    result: CheckResult
    detail: str  # a plain sentence
    down_mbps: Decimal | None
    up_mbps: Decimal | None
    at: datetime


class LineTests(Protocol):
    """The operator's line test. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def run(self, service_id: str) -> LineTest:
        """Measures the line now; takes seconds. A service without a line is "unknown"."""
        ...
