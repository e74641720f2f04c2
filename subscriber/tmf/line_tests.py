"""The operator's line test -> LineTest. TM Forum's TMF653 asks for a job and a poll; operators offer one call.

`POST /line-test/v1/lineTest {serviceId}` -> `{serviceId, result, detail, downMbps, upMbps, at}`.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.line_test import CheckResult, LineTest
from subscriber.tmf.wire import Moment, Text, Wire

PATH = "/line-test/v1/lineTest"

_RESULTS: dict[str, CheckResult] = {"pass": "ok", "fail": "fault", "inconclusive": "unknown"}


def _number(value: object) -> object:
    """Pydantic would take "12" and true for numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise ValueError("not a number")
    return None if value is None else Decimal(str(value))


_Mbps = Annotated[Decimal, Field(ge=0, le=100_000, allow_inf_nan=False)]


class _LineTest(Wire):
    service_id: Text = Field(alias="serviceId")
    result: Literal["pass", "fail", "inconclusive"]
    detail: Text
    down_mbps: Annotated[_Mbps | None, BeforeValidator(_number)] = Field(default=None, alias="downMbps")
    up_mbps: Annotated[_Mbps | None, BeforeValidator(_number)] = Field(default=None, alias="upMbps")
    at: Moment


_ONE = TypeAdapter(_LineTest)


class OperatorLineTests:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def run(self, service_id: str) -> LineTest:
        found = await self._connection.post(PATH, _ONE, {"serviceId": service_id})
        if found is None or found.service_id != service_id:
            raise SubscriberUnavailable("line_test does not know the service")
        return LineTest(
            service_id=found.service_id,
            result=_RESULTS[found.result],
            detail=found.detail,
            down_mbps=found.down_mbps,
            up_mbps=found.up_mbps,
            at=found.at,
        )
