"""What customers do for themselves through the running product, in the chat and on the phone, with a code."""

import re

import pytest

from ops.product import Product
from tests.journeys.people import code_sent_to, messages_to, subscriber_at, telephone

pytestmark = pytest.mark.product
SIOBHAN, VICTOR = "+447700900117", "+447700900118"
SIOBHANS_ADDRESS = "siobhan.oneill@example.com"


async def test_a_link_for_a_new_password_is_sent_past_the_chat(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        for words, answer in (
            ("please reset my password", "look that up in your account"),
            ("10023615", "detail|postcode"),
            ("LF1 6GH", "code"),
        ):
            await subscriber.says(words)
            await subscriber.hears(answer)
        await subscriber.says(await code_sent_to(product, SIOBHAN))
        asked = await subscriber.hears("Shall I")
        await subscriber.says("Yes, send it")
        done = await subscriber.hears("on its way")
        await subscriber.hears("30 minutes")
        history = await subscriber.http.get(f"/chat/conversations/{subscriber.id}/history", headers=subscriber.headers)
    (mail,) = await messages_to(product, SIOBHANS_ADDRESS)

    assert "s…@example.com" in asked.text
    assert "s…@example.com" in done.text
    assert mail.rpartition("#")[2] not in history.text
    assert SIOBHANS_ADDRESS not in history.text


async def test_a_new_pin_is_sent_past_the_call(product: Product) -> None:
    async with telephone(product, caller=VICTOR) as phone:
        for keys, heard in (("4", "password or PIN"), ("1", "PIN of your account"), ("2", "press 1")):
            await phone.presses(keys)
            assert heard.lower() in phone.said.lower()
        for key in ("1", "1"):  # look at my account; text me a code
            await phone.presses(key)
        await phone.presses(f"{await code_sent_to(product, VICTOR)}#")
        await phone.presses("10023626#")
        await phone.says("LF1 7JK")
        assert "new PIN for your account" in phone.said
        assert "1 1 8" in phone.said
        await phone.presses("1")
        heard = phone.said

    pin = next(found[1] for body in await messages_to(product, VICTOR) if (found := re.search(r"is (\d{4})\.", body)))
    assert "on its way" in heard
    assert pin not in heard.replace(" ", "")
