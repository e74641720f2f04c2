"""A change of plan and a voucher through the running product, with the code that comes by text message."""

import re

import pytest

from ops.product import Product
from tests.journeys.people import code_sent_to, subscriber_at

pytestmark = pytest.mark.product
OLIVERS_MOBILE = "+447700900108"
VOUCHER = "7315902846170253"


async def test_a_plan_is_changed_with_a_code_and_the_change_is_told_afterwards(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        for words, answer in (
            ("I want to change my mobile plan", "look that up in your account"),
            ("10023525", "detail|postcode"),
            ("LF7 1EF", "Which of these plans"),
            ("Mobile 20 GB: £14.00 a month", "14 days"),
            ("Yes, order it", "code"),
        ):
            await subscriber.says(words)
            await subscriber.hears(answer)
        await subscriber.says(await code_sent_to(product, OLIVERS_MOBILE))
        ordered = await subscriber.hears("is ordered from")
        await subscriber.says("which plan am I on")
        told = await subscriber.hears("under way")

    reference = re.search(r"PO-\d+", ordered.text)
    assert reference is not None
    assert reference[0] in told.text


async def test_a_voucher_is_on_the_balance_and_not_in_the_conversation(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        for words, answer in (
            ("I have a voucher", "look that up in your account"),
            ("10023704", "detail|postcode"),
            ("LF1 9WX", "voucher's code"),
            (VOUCHER, "which is now"),
        ):
            await subscriber.says(words)
            await subscriber.hears(answer)
        history = await subscriber.http.get(f"/chat/conversations/{subscriber.id}/history", headers=subscriber.headers)

    assert VOUCHER not in history.text
    assert not any(VOUCHER in str(shown.data) for shown in subscriber.seen)
