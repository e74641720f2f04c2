"""PIN check -> bool. TM Forum has no API for it: `POST .../pin-check {"pin"}` answers `{"matches": true}`."""

from urllib.parse import quote

from pydantic import StrictBool, TypeAdapter

from subscriber.connection import Connection
from subscriber.tmf.wire import Wire


class _Answer(Wire):
    matches: StrictBool


_ANSWER = TypeAdapter(_Answer)


class OperatorPins:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def check(self, customer_id: str, pin: str) -> bool:
        path = f"/operator/v1/customers/{quote(customer_id, safe='')}/pin-check"
        found = await self._connection.post(path, _ANSWER, {"pin": pin})
        return found is not None and found.matches
