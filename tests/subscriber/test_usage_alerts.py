"""Usage alerts at the demo operator, and answers not to be believed."""

from typing import Any

import httpx
import pytest

from subscriber.client import SubscriberClient, SubscriberUnavailable, has_limits
from tests.subscriber.conftest import SwitchOn

MAYA, OLIVER, HARRIET = "cust-1001", "cust-1008", "cust-1027"


async def test_alerts_are_read_set_and_stopped(subscriber: SubscriberClient) -> None:
    alerts = subscriber.usage_alerts
    first = await alerts.of_customer(MAYA)

    await alerts.set(MAYA, [100])
    one = await alerts.of_customer(MAYA)
    await alerts.set(MAYA, [])

    assert (first, one, await alerts.of_customer(MAYA)) == ((80, 100), (100,), ())
    assert await alerts.of_customer(OLIVER) == (80, 100)


async def test_only_an_allowance_with_a_limit_can_run_out(subscriber: SubscriberClient) -> None:
    found = [has_limits(await subscriber.accounts.allowances(who)) for who in (MAYA, OLIVER, HARRIET)]

    assert found == [True, False, False]


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "negative", "missing"])
async def test_a_system_that_fails_or_lies_says_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("usage_alerts", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.usage_alerts.of_customer(MAYA)
    with pytest.raises(SubscriberUnavailable):
        await subscriber.usage_alerts.set(MAYA, [80])


@pytest.mark.parametrize(
    "answer",
    [
        {"customerId": MAYA, "sharesPct": [80, 100]},
        {"customerId": OLIVER, "sharesPct": [80]},
        {"customerId": MAYA, "sharesPct": [800]},
        {"customerId": MAYA, "sharesPct": ["80"]},
    ],
)
async def test_a_setting_recorded_as_something_else_is_not_believed(answer: dict[str, Any]) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))

    with pytest.raises(SubscriberUnavailable):
        await subscriber.usage_alerts.set(MAYA, [80])


async def test_nobody_is_nobodys_customer(subscriber: SubscriberClient) -> None:
    with pytest.raises(SubscriberUnavailable):
        await subscriber.usage_alerts.of_customer("cust-none")
