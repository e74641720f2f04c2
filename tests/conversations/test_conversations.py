"""The conversations of this folder, word for word with the running assistant."""

from functools import partial

import pytest

from bot.client import BotClient
from ops.product import Product
from tests.conversations.script import Script, play, scripts
from tests.journeys.people import code_sent_to

SCRIPTS = scripts()


@pytest.mark.product
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_conversation(product: Product, script: Script) -> None:
    bot = BotClient.connect(product.settings)
    try:
        differences = await play(script, bot, partial(code_sent_to, product))
    finally:
        await bot.aclose()

    assert differences == []


def test_every_conversation_begins_with_the_welcome() -> None:
    assert {script.turns[0].customer for script in SCRIPTS.values()} == {None}
