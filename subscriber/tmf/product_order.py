"""TMF622 Product Order v4: what every order has. Its items are read where it is known what they change."""

from typing import Literal

from pydantic import Field, StrictStr

from subscriber.tmf.wire import Moment, Party, Text, Wire

ORDERS = "/tmf-api/productOrderingManagement/v4/productOrder"
OPEN = {"acknowledged", "pending", "held", "inProgress", "partial", "assessingCancellation", "pendingCancellation"}
REFUSED = {"rejected", "cancelled", "failed"}

State = Literal[
    "acknowledged",
    "rejected",
    "pending",
    "held",
    "inProgress",
    "cancelled",
    "completed",
    "failed",
    "partial",
    "assessingCancellation",
    "pendingCancellation",
]
Action = Literal["add", "modify", "delete", "noChange"]


class OrderedOffering(Wire):
    id: StrictStr = ""
    name: StrictStr = ""


class ProductOrder(Wire):
    id: Text
    state: State
    category: StrictStr = ""
    external_id: StrictStr = Field(default="", alias="externalId")
    expected_at: Moment | None = Field(default=None, alias="expectedCompletionDate")
    party: list[Party] = Field(alias="relatedParty")
