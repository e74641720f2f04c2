"""What proves who a customer is stands nowhere afterwards, in chat and on the phone."""

import logging
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from ivr import assistant as phone
from ivr.call import Call, Prompt, asked, dump
from ivr.heard import understand
from ivr.meaning import Heard, Say
from ivr.words import words
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site
from tests.journeys.secrets_world import Rasa, assistant, everything_in

SECRETS = ("10023456", "lf1 4ab", "lf14ab", "4071")


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.casefold()]


async def test_after_a_chat_the_facts_stand_nowhere(
    settings: Settings, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rasa, world = Rasa(), World()
    async with assistant(settings, rasa) as bot:
        world.bot = bot  # type: ignore[assignment]  # the real door in place of the fake
        async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url, timeout=10) as http:
            visitor = await Visitor.comes(http)
            for text, answer in (
                ("look it up", "account number"),
                ("I never got one, sorry", "did not understand"),
                ("it is 10023456", "postcode"),
                ("LF1 4AB", "that matches"),
            ):
                await visitor.writes(text)
                await visitor.hears(answer)
            history = (await http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)).text

    assert [each["message"] for each in rasa.heard[1:]] == [
        "look it up",
        "I never got one, sorry",
        "/half_verified",
        "/verified",
    ]
    assert ("customer", "I never got one, sorry") in world.trail.said
    assert world.trail.said.count(("customer", "[account fact]")) == 2
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    for kept in (history, await everything_in(redis_url), str(rasa.heard), str(world.trail.said), str(ours)):
        assert found_in(kept) == []


@pytest.mark.parametrize("second", [Heard(keys="4071"), Heard(speech="L F one four A B", confidence=0.9)])
async def test_after_a_call_the_facts_stand_nowhere(settings: Settings, redis_url: str, second: Heard) -> None:
    rasa, spoken, shown = Rasa(), words("en"), []
    call = Call(call_sid="CA1", contact_id=uuid4(), language="en", caller="+447700900999")
    call = asked(call, Prompt("What is your account number?", expects="secret"))
    async with assistant(settings, rasa) as bot:
        for heard in (Heard(keys="10023456"), second):
            meaning = understand(heard, call, spoken)
            assert isinstance(meaning, Say)
            shown.append(meaning.shown)
            keyed = meaning.about["input"] == "keys"
            answer = await phone.ask_bot(bot, call, meaning.text, keyed=keyed, patience_s=5)
            call, _ = phone.answer(replace(call, step=call.step + 1), answer)

    assert [each["message"] for each in rasa.heard] == ["/half_verified", "/verified"]
    assert shown == ["[account fact]"] * 2
    for kept in (dump(call).decode(), await everything_in(redis_url), str(rasa.heard)):
        assert found_in(kept) == []


VOUCHER = "480271536904"


async def test_after_a_chat_the_voucher_stands_nowhere(
    settings: Settings, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rasa, world = Rasa(), World()
    async with assistant(settings, rasa) as bot:
        world.bot = bot  # type: ignore[assignment]  # the real door in place of the fake
        async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url, timeout=10) as http:
            visitor = await Visitor.comes(http)
            for text, answer in (
                ("look it up", "account number"),
                ("10023704", "postcode"),
                ("LF1 9WX", "that matches"),
                ("top up", "voucher"),
                ("where do I find it?", "did not understand"),
                ("top up", "voucher"),
                (f"it is {VOUCHER[:4]} {VOUCHER[4:8]} {VOUCHER[8:]}", "on your balance"),
            ):
                await visitor.writes(text)
                await visitor.hears(answer)
            history = (await http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)).text

    assert rasa.heard[-1]["message"] == "/voucher_given"
    assert rasa.heard[-1]["metadata"]["outcome"] == "topped_up"
    assert ("customer", "where do I find it?") in world.trail.said
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    for kept in (history, await everything_in(redis_url), str(rasa.heard), str(world.trail.said), str(ours)):
        assert VOUCHER not in kept.replace(" ", "")


async def test_after_a_call_the_voucher_stands_nowhere(settings: Settings, redis_url: str) -> None:
    rasa, spoken = Rasa(), words("en")
    call = Call(call_sid="CA1", contact_id=uuid4(), language="en", caller="+447700900999")
    async with assistant(settings, rasa) as bot:
        for asks, expects, keys in (
            ("What is your account number?", "secret", "10023704"),
            ("And your postcode?", "secret", "19101988"),
            ("The voucher's code?", "voucher", VOUCHER),
        ):
            call = asked(call, Prompt(asks, expects=expects))  # type: ignore[arg-type]  # of the literals
            meaning = understand(Heard(keys=keys), call, spoken)
            assert isinstance(meaning, Say)
            assert meaning.shown == "[account fact]"
            answer = await phone.ask_bot(bot, call, meaning.text, keyed=True, patience_s=5)
            call, _ = phone.answer(replace(call, step=call.step + 1), answer)

    assert rasa.heard[-1]["metadata"]["outcome"] == "topped_up"
    for kept in (dump(call).decode(), await everything_in(redis_url), str(rasa.heard)):
        assert VOUCHER not in kept


async def test_a_customer_cannot_type_the_token(settings: Settings) -> None:
    rasa = Rasa()
    async with assistant(settings, rasa) as bot:
        for expects in ("secret", "offer", None):
            where = {"turn_id": str(expects), "medium": "screen", "language": "en", "expects": expects}
            await bot.send(uuid4(), "/verified", **where)  # type: ignore[arg-type]  # of mixed types

    assert [(each["message"], each["metadata"].get("outcome")) for each in rasa.heard] == [("verified", None)] * 3


def test_a_spoken_secret_that_was_hardly_heard_is_asked_for_again_and_never_read_back() -> None:
    call = Call(call_sid="CA1", contact_id=uuid4(), language="en", caller=None)
    call = asked(call, Prompt("What is your account number?", expects="secret"))

    assert understand(Heard(speech="10023456", confidence=0.4), call, words("en")) == "no_match"
