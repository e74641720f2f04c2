"""Is it the account, a known outage or the line? And what is said when nobody knows."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from subscriber.client import FaultCheck, Kind, LineTest, ServiceState, SubscriberClient, SubscriberUnavailable
from subscriber.customers import CustomerRecord
from subscriber.fault import FaultInquiry
from subscriber.outages import Outage, affecting
from tests.subscriber.conftest import SwitchOn

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def results(checks: list[FaultCheck]) -> dict[str, str]:
    return {check.name: check.result for check in checks}


@pytest.mark.parametrize(
    ("customer", "kind", "account", "outage", "line_test"),
    [
        ("cust-1001", "broadband", "ok", "ok", "ok"),  # all well
        ("cust-1002", "broadband", "ok", "ok", "fault"),  # a broken line
        ("cust-1003", "broadband", "ok", "fault", "fault"),  # a known outage
        ("cust-1003", "mobile", "ok", "ok", "ok"),  # which does not concern the mobile
        ("cust-1006", "mobile", "fault", "ok", "fault"),  # barred
        ("cust-1007", "broadband", "ok", "ok", "fault"),  # degraded
        ("cust-1009", "broadband", "ok", "fault", "fault"),  # one of two sites
        ("cust-1011", "mobile", "ok", "fault", "fault"),  # a mast
        ("cust-1013", "broadband", "ok", "fault", "unknown"),  # planned work now
        ("cust-1014", "broadband", "ok", "ok", "ok"),  # planned work to come
        ("cust-1010", "tv", "ok", "ok", "unknown"),  # has no TV
        ("nobody", "broadband", "unknown", "unknown", "unknown"),
    ],
)
async def test_a_fault_is_checked_in_all_three_places(
    subscriber: SubscriberClient, customer: str, kind: Kind, account: str, outage: str, line_test: str
) -> None:
    checks = await subscriber.check_fault(customer, kind)

    assert results(checks) == {"account": account, "outage": outage, "line_test": line_test}
    assert all(check.detail for check in checks)


async def test_the_ticket_is_told_the_measured_speed(subscriber: SubscriberClient) -> None:
    checks = await subscriber.check_fault("cust-1007", "broadband")

    assert "(11.3 Mbit/s down, 2.4 up)" in checks[2].detail


@pytest.mark.parametrize("mode", ["error", "garbage"])
@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("customers", {"account": "unknown", "outage": "fault", "line_test": "fault"}),
        ("services", {"account": "ok", "outage": "fault", "line_test": "unknown"}),
        ("outages", {"account": "ok", "outage": "unknown", "line_test": "fault"}),
        ("line_test", {"account": "ok", "outage": "fault", "line_test": "unknown"}),
    ],
)
async def test_a_system_that_fails_or_lies_makes_only_its_own_check_unknown(
    subscriber: SubscriberClient, switch_on: SwitchOn, system: str, mode: str, expected: dict[str, str]
) -> None:
    await switch_on(system, mode)

    checks = await subscriber.check_fault("cust-1003", "broadband")

    assert results(checks) == expected


async def test_slow_systems_are_not_waited_for_longer_than_three_seconds(
    subscriber: SubscriberClient, switch_on: SwitchOn
) -> None:
    for system in ("customers", "services", "outages", "line_test"):
        await switch_on(system, "slow")
    started = time.monotonic()

    checks = await subscriber.check_fault("cust-1003", "broadband")

    assert set(results(checks).values()) == {"unknown"}
    assert time.monotonic() - started < 3.3


async def test_an_outage_is_found_by_customer_and_by_place(subscriber: SubscriberClient) -> None:
    by_customer = await subscriber.outage_for("cust-1003", "tv")
    by_place = await subscriber.outage_for("place-brookside", "tv")

    assert by_customer is not None
    assert by_place is not None
    assert by_customer.problem_id == by_place.problem_id == "SP-20417"
    assert by_customer.place == "Brookside, Larkfield"
    assert await subscriber.outage_for("place-centre", "broadband") is None  # repaired three days ago


async def test_services_say_what_the_network_says(subscriber: SubscriberClient) -> None:
    services = await subscriber.services("cust-1007")

    assert [(service.kind, service.operating) for service in services] == [
        ("broadband", "degraded"),
        ("tv", "degraded"),
    ]
    assert await subscriber.services("nobody") == []


async def test_a_line_test_of_what_has_no_line_is_unknown(subscriber: SubscriberClient) -> None:
    test = await subscriber.line_test("svc-1001-2")

    assert (test.result, test.down_mbps) == ("unknown", None)
    with pytest.raises(SubscriberUnavailable):
        await subscriber.line_test("svc-0-0")


@pytest.mark.parametrize("mode", ["error", "garbage", "slow"])
async def test_every_figure_comes_from_the_operator_or_not_at_all(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    for system in ("customers", "services", "outages", "line_test"):
        await switch_on(system, mode)

    answers = await asyncio.gather(
        subscriber.find_by_phone("+447700900101"),
        subscriber.services("cust-1001"),
        subscriber.outage_for("cust-1001", "broadband"),
        subscriber.line_test("svc-1001-1"),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [SubscriberUnavailable] * 4


async def test_a_system_that_is_down_is_left_alone_for_a_while(
    operator: httpx.AsyncClient, subscriber: SubscriberClient, switch_on: SwitchOn
) -> None:
    await switch_on("services", "error")
    asked: list[str] = []

    async def remember(request: httpx.Request) -> None:
        asked.append(request.url.path)

    operator.event_hooks["request"].append(remember)
    for _ in range(8):
        with pytest.raises(SubscriberUnavailable):
            await subscriber.services("cust-1001")

    assert len(asked) == 10  # five calls, each tried twice; then none


def outage(problem_id: str, *, began_h: float = -1, ends_h: float | None = 1, planned: bool = False) -> Outage:
    end = None if ends_h is None else NOON + timedelta(hours=ends_h)
    return Outage(problem_id, "there", ("broadband",), NOON + timedelta(hours=began_h), end, planned, "")


def test_a_fault_outlives_its_expected_end_and_planned_work_does_not() -> None:
    assert affecting([outage("late", ends_h=-0.5)], "broadband", NOON) is not None
    assert affecting([outage("done", ends_h=-0.5, planned=True)], "broadband", NOON) is None
    assert affecting([outage("to come", began_h=2, planned=True)], "broadband", NOON) is None


def test_an_unplanned_outage_explains_a_fault_before_planned_work_does() -> None:
    found = affecting([outage("old", began_h=-5), outage("work", planned=True), outage("new")], "broadband", NOON)

    assert found is not None
    assert found.problem_id == "new"


class NeverAnswers:
    """Every system at once, each of which hangs for good."""

    async def get(self, customer_id: str) -> CustomerRecord | None:
        return await asyncio.Future()

    by_account = get

    async def by_phone(self, e164: str) -> list[CustomerRecord]:
        return await asyncio.Future()

    async def of_customer(self, customer_id: str) -> list[ServiceState]:
        return await asyncio.Future()

    async def open_at(self, place_id: str) -> list[Outage]:
        return await asyncio.Future()

    async def run(self, service_id: str) -> LineTest:
        return await asyncio.Future()


async def test_running_out_of_time_in_one_check_does_not_break_another() -> None:
    hung = NeverAnswers()
    inquiry = FaultInquiry(hung, hung, hung, hung, now=lambda: NOON, check_s=0.02)

    checks = await inquiry.check("cust-1001", "broadband")

    assert results(checks) == {"account": "unknown", "outage": "unknown", "line_test": "unknown"}
