"""The operator's usage alerts. TM Forum has no API for them; operators offer one call.

`GET` and `PATCH /usage-alert/v1/alert/{customerId}`: `{customerId, sharesPct}`, the whole percents of an allowance.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StrictInt, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.tmf.wire import Text, Wire

PATH = "/usage-alert/v1/alert"


class _Alerts(Wire):
    customer_id: Text = Field(alias="customerId")
    shares_pct: list[Annotated[StrictInt, Field(ge=1, le=100)]] = Field(alias="sharesPct", max_length=10)


_ONE = TypeAdapter(_Alerts)


class OperatorUsageAlerts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> tuple[int, ...]:
        found = await self._connection.get(_path(customer_id), _ONE)
        return _shares(found, customer_id)

    async def set(self, customer_id: str, shares_pct: Iterable[int]) -> None:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        wanted = tuple(sorted(set(shares_pct)))
        found = await self._connection.patch(_path(customer_id), _ONE, {"sharesPct": list(wanted)})
        if _shares(found, customer_id) != wanted:
            raise SubscriberUnavailable("usage alerts recorded something else")


def _shares(found: _Alerts | None, customer_id: str) -> tuple[int, ...]:
    if found is None or found.customer_id != customer_id:
        raise SubscriberUnavailable("usage alerts does not know the customer")
    return tuple(sorted(set(found.shares_pct)))


def _path(customer_id: str) -> str:
    return f"{PATH}/{quote(customer_id, safe='')}"
