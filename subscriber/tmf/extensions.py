"""The operator's agreements about paying later -> Extension. TM Forum has no API for them; operators offer one call.

`GET` and `POST /payment-extension/v1/extension`: `{customerId, billId, until}`; a bill has one at most.
"""

from pydantic import Field, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.extensions import Extension
from subscriber.tmf.wire import Moment, Text, Wire

PATH = "/payment-extension/v1/extension"


class _Extension(Wire):
    customer_id: Text = Field(alias="customerId")
    bill_id: Text = Field(alias="billId")
    until: Moment


_ONE = TypeAdapter(_Extension)
_MANY = TypeAdapter(list[_Extension])


class OperatorExtensions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Extension]:
        found = await self._connection.get(PATH, _MANY, {"customerId": customer_id}) or ()
        return [Extension(one.bill_id, one.until) for one in found if one.customer_id == customer_id]

    async def grant(self, customer_id: str, extension: Extension) -> None:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        until = extension.until.isoformat()
        body = {"customerId": customer_id, "billId": extension.bill_id, "until": until}
        found = await self._connection.post(PATH, _ONE, body)
        if found is None or (found.bill_id, found.until) != (extension.bill_id, extension.until):
            raise SubscriberUnavailable("extensions recorded something else")
