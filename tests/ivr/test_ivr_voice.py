"""Every document keeps to the grammar and the limits, and numbers can be followed by ear."""

from uuid import uuid4

import pytest

from ivr import grammar, menu, speech, voice
from ivr.call import Call, Prompt, asked
from ivr.grammar import BadTwiml
from ivr.line import Line
from ivr.reply import PART_CHARS, Ask, Goodbye, PutThrough, ask, in_parts, menu_prompt, options
from ivr.words import languages, words

LINE = Line(caller_id="+442079460000")


def call(prompt: Prompt | None = None) -> Call:
    prompt = prompt or Prompt("Well?")
    return Call(call_sid="CA1", contact_id=uuid4(), language="en", caller=None, step=3, prompt=prompt)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("level", words("en").menu)
def test_every_level_of_the_menu_is_a_valid_document(language: str, level: str) -> None:
    spoken = words(language)
    now = asked(call(), menu_prompt(spoken, level))

    gather = grammar.parse(voice.document(ask(now, spoken), now, LINE))[0]

    assert gather.attrib["input"] == "dtmf speech"
    assert gather.attrib["action"] == "/ivr/turn?step=3"
    assert gather.attrib["finishOnKey"] == ""
    assert gather.attrib["bargeIn"] == gather.attrib["actionOnEmptyResult"] == "true"
    assert "agent" in gather.attrib["hints"]


@pytest.mark.parametrize("language", languages())
def test_every_level_has_at_most_four_options_and_leads_somewhere(language: str) -> None:
    spoken = words(language)

    for level in spoken.menu.values():
        assert 1 <= len(level.options) <= menu.MOST_OPTIONS
        for option in level.options:
            assert (option.opens in spoken.menu) != bool(option.send)


def test_keys_only_listens_to_keys_only() -> None:
    gather = grammar.parse(voice.document(Ask("Press.", keys_only=True), call(), LINE))[0]

    assert gather.attrib["input"] == "dtmf"


@pytest.mark.parametrize("expects", ["digits", "fact", "callback_number"])
def test_keyed_answers_end_with_hash(expects: str) -> None:
    prompt = Prompt("Number?", expects=expects)  # type: ignore[arg-type]  # parametrised

    gather = grammar.parse(voice.document(Ask("Number?"), call(prompt), LINE))[0]

    assert gather.attrib["finishOnKey"] == "#"
    assert "numDigits" not in gather.attrib


@pytest.mark.parametrize("text", ["x" * 100_000, "&<>\"' " * 20_000, "é😀 " * 30_000, "\x00\x1b bad \ud83d", "ok"])
def test_any_text_fits_the_limits(text: str) -> None:
    document = voice.document(Goodbye(text), call(), LINE)

    grammar.parse(document)


@pytest.mark.parametrize(("number", "tag"), [("+442079460111", "Number"), ("sip:level1@example.com", "Sip")])
def test_a_line_is_a_number_or_a_sip_address(number: str, tag: str) -> None:
    dial = grammar.parse(voice.document(PutThrough("Now.", number), call(), LINE))[1]

    assert (dial[0].tag, dial[0].text) == (tag, number)
    assert dial.attrib["action"] == "/ivr/dial?step=3"


@pytest.mark.parametrize("number", ["", "+442079460111"])
def test_the_fallback_needs_no_webhook_of_ours(number: str) -> None:
    document = voice.fallback("en", LINE, number)

    grammar.parse(document)
    assert "/ivr/" not in document


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Ticket FL-48317264.", "Ticket F L, 4, 8, 3, 1, 7, 2, 6, 4."),
        ("Account 10023456 is open", "Account 1, 0, 0, 2, 3, 4, 5, 6 is open"),
        ("Call +447700900123", "Call 4, 4, 7, 7, 0, 0, 9, 0, 0, 1, 2, 3"),
        ("12 pounds in 2026", "12 pounds in 2026"),
        ("It costs 12,500.00 or 12500.50", "It costs 12,500.00 or 12500.50"),
        ("**Bold** words", "Bold words"),
    ],
)
def test_numbers_are_read_digit_by_digit(written: str, spoken: str) -> None:
    assert speech.speakable(written) == spoken


@pytest.mark.parametrize(
    ("choice", "read"),
    [
        ("Yes", "For yes, press 1."),
        ("TV", "For TV, press 1."),
        ("My internet is slow", "My internet is slow: press 1."),
        ("I'm not sure", "I'm not sure: press 1."),
        ("No, still slow", "No, still slow: press 1."),
        ("{key} {0}", "For (key) (0), press 1."),
    ],
)
def test_the_option_comes_before_its_key(choice: str, read: str) -> None:
    assert options(Prompt("Well?", choices=(choice,)), words("en")) == read


@pytest.mark.parametrize("text", ["One. " * 400, "word " * 400, "x" * 2000])
def test_a_long_text_is_cut_where_a_voice_may_stop(text: str) -> None:
    parts, rest = [], text
    while rest:
        part, rest = in_parts(rest)
        parts.append(part)

    assert all(len(part) <= PART_CHARS for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Shout>x</Shout></Response>",
        "<Response><Say speed='1'>x</Say></Response>",
        "<Response><Say></Say></Response>",
        "<Response><Gather input='dtmf' action='/a'><Say>x</Say></Gather></Response>",
        "<Response><Dial><Say>x</Say></Dial></Response>",
        "<Response><Hangup/><Say>x</Say></Response>",
        "<Response><Pause length='long'/></Response>",
        f"<Response><Say>{'x' * 4097}</Say></Response>",
        "<Answer/>",
        "<Response>",
        "<!DOCTYPE x><Response/>",
    ],
)
def test_the_grammar_refuses_what_the_network_would(document: str) -> None:
    with pytest.raises(BadTwiml):
        grammar.parse(document)
