"""Is it the account, a known outage or the line? All three are asked at the same time."""

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from subscriber.customers import CustomerRecord, Customers
from subscriber.errors import SubscriberUnavailable
from subscriber.line_test import CheckResult, LineTests
from subscriber.outages import Outages, affecting
from subscriber.services import Kind, Services, ServiceState

CHECK_S = 3.0  # a customer waits for this in the chat, and a caller on the line
LINE_KINDS: frozenset[Kind] = frozenset({"broadband", "landline"})
MOST_LINES = 4  # tested at once; a company with more sites is tested by a person

_NETWORK: dict[str, tuple[CheckResult, str]] = {
    "running": ("ok", "The network reports {name} as running."),
    "degraded": ("fault", "The network reports {name} as degraded."),
    "stopped": ("fault", "The network reports {name} as stopped."),
    "unknown": ("unknown", "The network does not say whether {name} is running."),
}


@dataclass(frozen=True, slots=True)
class FaultCheck:
    name: Literal["account", "outage", "line_test"]
    result: CheckResult
    detail: str  # a plain sentence for the ticket


class FaultInquiry:
    """One customer's fault. What two checks need is asked for once; giving up in one does not end it for the other."""

    def __init__(
        self,
        customers: Customers,
        services: Services,
        outages: Outages,
        line_tests: LineTests,
        *,
        now: Callable[[], datetime],
        check_s: float = CHECK_S,
    ) -> None:
        self._customers = customers
        self._services = services
        self._outages = outages
        self._line_tests = line_tests
        self._now = now
        self._check_s = check_s

    async def check(self, customer_id: str, kind: Kind) -> list[FaultCheck]:
        """Account, outage, line test, in this order; "unknown" for each whose systems do not answer in time."""
        record = asyncio.ensure_future(self._customers.get(customer_id))
        services = asyncio.ensure_future(self._services.of_customer(customer_id))
        try:
            checks = await asyncio.gather(
                self._within_time("account", self._account(record)),
                self._within_time("outage", self._outage(record, services, kind)),
                self._within_time("line_test", self._line_test(services, kind)),
            )
            return list(checks)
        finally:
            record.cancel()
            services.cancel()
            await asyncio.gather(record, services, return_exceptions=True)

    async def _within_time(
        self, name: Literal["account", "outage", "line_test"], check: Awaitable[tuple[CheckResult, str]]
    ) -> FaultCheck:
        try:
            async with asyncio.timeout(self._check_s):
                return FaultCheck(name, *await check)
        except (SubscriberUnavailable, TimeoutError):
            return FaultCheck(name, "unknown", "The system that knows did not answer.")

    async def _account(self, record: Future[CustomerRecord | None]) -> tuple[CheckResult, str]:
        found = await asyncio.shield(record)
        if found is None:
            return "unknown", "There is no such customer."
        if found.customer.barred:
            return "fault", "The account is barred because a bill has not been paid."
        return "ok", "The account is in order."

    async def _outage(
        self, record: Future[CustomerRecord | None], services: Future[list[ServiceState]], kind: Kind
    ) -> tuple[CheckResult, str]:
        places = await _places(record, services, kind)
        if not places:
            return "unknown", "The operator does not say where the service is."
        at_places = await asyncio.gather(*(self._outages.open_at(place) for place in sorted(places)))
        outage = affecting((each for found in at_places for each in found), kind, self._now())
        if outage is None:
            return "ok", "No outage is known at the place."
        what = "Planned work" if outage.planned else "A known outage"
        end = f" Expected to end at {outage.expected_end:%H:%M %Z on %d %B}." if outage.expected_end else ""
        return "fault", f"{what} ({outage.problem_id}) at {outage.place}: {outage.summary}{end}"

    async def _line_test(self, services: Future[list[ServiceState]], kind: Kind) -> tuple[CheckResult, str]:
        mine = [service for service in await asyncio.shield(services) if service.kind == kind]
        if not mine:
            return "unknown", f"There is no {kind} service on the account."
        return _worst(await asyncio.gather(*(self._test(service) for service in mine[:MOST_LINES])))

    async def _test(self, service: ServiceState) -> tuple[CheckResult, str]:
        result, said = _NETWORK[service.operating]
        if service.kind not in LINE_KINDS:
            return result, said.format(name=service.name)
        test = await self._line_tests.run(service.service_id)
        measured = test.down_mbps is not None and test.up_mbps is not None
        speeds = f" ({test.down_mbps} Mbit/s down, {test.up_mbps} up)" if measured else ""
        return test.result, f"{service.name}: {test.detail}{speeds}"


async def _places(record: Future[CustomerRecord | None], services: Future[list[ServiceState]], kind: Kind) -> set[str]:
    """Where services of the kind are delivered, else the customer's home; either system may be away."""
    try:
        delivered = {
            service.place_id for service in await asyncio.shield(services) if service.kind == kind and service.place_id
        }
    except SubscriberUnavailable:
        delivered = set()
    if delivered:
        return delivered
    found = await asyncio.shield(record)
    return {found.customer.place_id} if found else set()


def _worst(results: Iterable[tuple[CheckResult, str]]) -> tuple[CheckResult, str]:
    """A fault on one line is a fault; an untested line leaves "unknown"."""
    found = list(results)
    worst: CheckResult = next((bad for bad in ("fault", "unknown") if any(bad == result for result, _ in found)), "ok")
    return worst, " ".join(detail for _, detail in found)
