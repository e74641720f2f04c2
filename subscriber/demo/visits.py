"""TMF646 appointments of the demo operator's technicians: free windows, bookings, and a diary with too little room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book

APPOINTMENTS = "/tmf-api/appointment/v4/appointment"
SEARCH = "/tmf-api/appointment/v4/searchTimeSlot"
ZONE = ZoneInfo("Europe/London")
PARTS = {"morning": (time(8), time(13)), "afternoon": (time(13), time(18))}
CAPACITY = 3  # technicians for one window
FIRST_DAY, LAST_DAY = 1, 21  # of the days from today that can be booked
SATURDAY, SUNDAY = 5, 6

Window = tuple[datetime, datetime]


class Span(BaseModel):
    start: AwareDatetime = Field(alias="startDateTime")
    end: AwareDatetime = Field(alias="endDateTime")

    def window(self) -> Window:
        return self.start.astimezone(UTC), self.end.astimezone(UTC)


class Wanted(BaseModel):
    span: Span = Field(alias="validFor")


class SlotQuery(BaseModel):
    wanted: list[Wanted] = Field(alias="requestedTimeSlot", min_length=1, max_length=1)


class Party(BaseModel):
    id: str = Field(max_length=100)


class Entity(BaseModel):
    id: str = Field(max_length=100)
    kind: str = Field(default="", alias="@referredType", max_length=100)


class Booking(BaseModel):
    span: Span = Field(alias="validFor")
    party: list[Party] = Field(alias="relatedParty", min_length=1, max_length=1)
    entities: list[Entity] = Field(default=[], alias="relatedEntity", max_length=5)
    external_id: str = Field(default="", alias="externalId", max_length=200)


class Change(BaseModel):
    span: Span | None = Field(default=None, alias="validFor")
    status: Literal["cancelled"] | None = None


@dataclass(slots=True)
class Appointment:
    id: str
    customer_id: str
    window: Window
    order_id: str | None
    external_id: str = ""
    status: str = "confirmed"


class Diary:
    """Kept while the program runs."""

    def __init__(self, book: Book) -> None:
        self._known = {customer.id: customer.name for customer in book.customers}
        self._by_id: dict[str, Appointment] = {}
        self._by_key: dict[str, Appointment] = {}
        today = datetime.now(ZONE).date()
        for customer in book.customers:
            for visit in customer.visits:
                day = today + timedelta(days=visit.in_days)
                day += timedelta(days=day.weekday() == SUNDAY)
                part = "morning" if day.weekday() == SATURDAY else visit.part
                self._by_id[visit.id] = Appointment(visit.id, customer.id, _window(day, part), visit.order)

    def all(self) -> Iterator[tmf.Body]:
        return (self._body(one) for one in self._by_id.values())

    def free(self, begins: datetime, ends: datetime) -> list[tmf.Body]:
        return [
            {"id": f"slot-{window[0]:%Y%m%d%H}", "validFor": _span(window)}
            for window in _windows(datetime.now(ZONE).date())
            if begins <= window[0] and window[1] <= ends and self._room(window)
        ]

    def book(self, booking: Booking, key: str) -> tmf.Body:
        """The same for the same key. Raises 404 for a stranger, 409 for a window that is gone."""
        if key in self._by_key:
            return self._body(self._by_key[key])
        customer_id, window = booking.party[0].id, booking.span.window()
        if customer_id not in self._known:
            raise HTTPException(404, "there is no such customer")
        self._take(window)
        order = next((one.id for one in booking.entities if one.kind == "ProductOrder"), None)
        made = Appointment(f"visit-{len(self._by_id) + 1:05}", customer_id, window, order, booking.external_id)
        self._by_id[made.id] = self._by_key[key] = made
        return self._body(made)

    def change(self, wanted: str, change: Change) -> tmf.Body:
        """Raises 404, or 409 for one that is over and for a window that is gone."""
        found = self._by_id.get(wanted)
        if found is None:
            raise HTTPException(404, "there is no such appointment")
        if change.status is not None:
            found.status = change.status
        if change.span is not None and change.span.window() != found.window:
            if found.status != "confirmed":
                raise HTTPException(409, "the appointment is over")
            self._take(change.span.window())
            found.window = change.span.window()
        return self._body(found)

    def _take(self, window: Window) -> None:
        if window not in _windows(datetime.now(ZONE).date()) or not self._room(window):
            raise HTTPException(409, "the window is not free")

    def _room(self, window: Window) -> bool:
        """Beside our own bookings there are those of shops and other callers, the same at every start."""
        others = Random(f"{window[0].isoformat()}").randrange(CAPACITY + 1)  # noqa: S311  (no secret)
        ours = sum(one.window == window and one.status == "confirmed" for one in self._by_id.values())
        return others + ours < CAPACITY

    def _body(self, one: Appointment) -> tmf.Body:
        order = [{"id": one.order_id, "role": "reason", "@referredType": "ProductOrder"}] if one.order_id else []
        return {
            "id": one.id,
            "href": f"{APPOINTMENTS}/{one.id}",
            "category": "technician visit",
            "externalId": one.external_id,
            "status": one.status,
            "validFor": _span(one.window),
            "relatedEntity": order,
            "relatedParty": [
                {
                    "id": one.customer_id,
                    "name": self._known[one.customer_id],
                    "role": "customer",
                    "@referredType": "Customer",
                }
            ],
            "@type": "Appointment",
        }


def appointments(diary: Diary) -> APIRouter:
    router = APIRouter()

    @router.get(APPOINTMENTS)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, diary.all())

    @router.post(SEARCH, status_code=201)
    async def free(query: SlotQuery) -> tmf.Body:
        begins, ends = query.wanted[0].span.window()
        found = diary.free(begins, ends)
        return {"id": "search", "status": "done", "searchResult": "success", "availableTimeSlot": found}

    @router.post(APPOINTMENTS, status_code=201)
    async def book(booking: Booking, idempotency_key: Annotated[str, Header(min_length=1, max_length=200)]) -> tmf.Body:
        return diary.book(booking, idempotency_key)

    @router.patch(APPOINTMENTS + "/{wanted}")
    async def change(wanted: str, change: Change) -> tmf.Body:
        return diary.change(wanted, change)

    return router


def _windows(today: date) -> list[Window]:
    """Morning and afternoon on weekdays, the morning on Saturdays, in the operator's time of day."""
    days = (today + timedelta(days=number) for number in range(FIRST_DAY, LAST_DAY + 1))
    return [_window(day, part) for day in days for part in PARTS if _is_worked(day, part)]


def _is_worked(day: date, part: str) -> bool:
    return day.weekday() < SATURDAY or (day.weekday() == SATURDAY and part == "morning")


def _window(day: date, part: str) -> Window:
    begins, ends = (datetime.combine(day, at, ZONE).astimezone(UTC) for at in PARTS[part])
    return begins, ends


def _span(window: Window) -> dict[str, str]:
    return {"startDateTime": window[0].isoformat(), "endDateTime": window[1].isoformat()}
