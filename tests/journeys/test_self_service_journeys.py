"""What customers do for themselves through the running product, in the chat and on the phone, with a code.

An account is sent three codes an hour (`identity.yml`): they are shared out thriftily.
"""

import re

import pytest

from ops.product import Product
from tests.journeys.people import code_sent_to, messages_to, subscriber_at, telephone

pytestmark = pytest.mark.product
SIOBHAN, VICTOR, LUCY, NATHAN = "+447700900117", "+447700900118", "+447700900124", "+447700900130"
MAREK = "+447700900113"
SIOBHANS_ADDRESS = "siobhan.oneill@example.com"


async def test_one_code_is_enough_for_a_reward_and_a_link_that_is_sent_past_the_chat(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        for words, answer in (
            ("how many loyalty points do I have", "look that up in your account"),
            ("10023615", "detail|postcode"),
            ("LF1 6GH", "2,400"),
            ("what can I get for my points", "cinema"),
            ("A cinema ticket: 900 points", "1,500 are left"),
            ("Yes, take it", "code"),
        ):
            await subscriber.says(words)
            await subscriber.hears(answer)
        await subscriber.says(await code_sent_to(product, SIOBHAN))
        await subscriber.hears("A cinema ticket.*is yours")
        await subscriber.hears("1,500")
        await subscriber.says("please reset my password")
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


async def test_a_move_is_ordered_with_a_code_and_told_to_who_asks_again(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        for words, answer in (
            ("I am moving house", "look that up in your account"),
            ("10023748", "detail|postcode"),
            ("LF5 3EF", "new address"),
            ("LF7 8PQ", "Flat 12"),
            ("Flat 12", "at the earliest"),
            ("as soon as possible", "Shall I order the move"),
            ("Yes, order it", "code"),
        ):
            await subscriber.says(words)
            await subscriber.hears(answer)
        await subscriber.says(await code_sent_to(product, NATHAN))
        ordered = await subscriber.hears("is ordered")
        await subscriber.says("I am moving house")
        told = await subscriber.hears("ordered already")

    reference = re.search(r"PO-\d+", ordered.text)
    assert reference is not None
    assert reference[0] in told.text


async def test_a_move_is_ordered_on_the_phone(product: Product) -> None:
    async with telephone(product, caller=LUCY) as phone:
        for key in ("4", "2", "3"):  # anything else; an order or a move; moving house
            await phone.presses(key)
        for key in ("1", "1"):  # look at my account; text me a code
            await phone.presses(key)
        await phone.presses(f"{await code_sent_to(product, LUCY)}#")
        assert "postcode of your new home" in phone.said
        await phone.says("L F 3 4 M A, number 16")
        assert "16 Mill Lane" in phone.said
        await phone.presses("1")
        assert "Fibre 150 comes along" in phone.said
        await phone.presses("1")
        await phone.presses("10023682#")
        await phone.says("LF5 2ST")

        assert "is ordered from" in phone.said
        assert "The number of the order is" in phone.said


async def test_points_are_heard_and_a_reward_taken_on_the_phone(product: Product) -> None:
    async with telephone(product, caller=MAREK) as phone:
        for key in ("3", "4", "1", "1"):  # balance and usage; loyalty points; look at my account; text me a code
            await phone.presses(key)
        await phone.presses(f"{await code_sent_to(product, MAREK)}#")
        assert "You have 1680 points" in phone.said
        await phone.says("what can I get for my points")
        await phone.says("the cinema ticket")
        assert "takes 900 points" in phone.said
        await phone.presses("1")
        await phone.presses("10023570#")
        await phone.says("LF3 1CD")

        assert "A cinema ticket is yours" in phone.said
        assert "You have 780 points" in phone.said
