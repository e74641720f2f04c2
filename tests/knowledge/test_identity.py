"""What could tell who asked."""

import pytest

from knowledge.identity import traces, vocabulary

KNOWN = vocabulary(["Netflix is slow on my Wi-Fi", "I am in Spain", "My SIM asks for a PUK, what now"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to maya.t@example.com please", "an e-mail address"),
        ("my number is 07700 900101", "a number"),
        ("account 10023456 is locked", "a number"),
        ("nothing works in lf1 4ab", "a postcode"),
        ("no internet at 12 old mill lane", "an address"),
        ("no internet in flat 3", "an address"),
        ("my name is sandra", "a name"),
        ("mr hughes has moved out", "a name"),
        ("I told Sandra that my sim asks", "a name"),
        ("call me at [number]", "something masked"),
    ],
)
def test_what_tells_who_asked_is_found(text: str, kind: str) -> None:
    assert kind in [trace.kind for trace in traces(text, KNOWN)]


@pytest.mark.parametrize(
    "text",
    [
        "Netflix is slow on my Wi-Fi in Spain",
        "my name is wrong on the bill",
        "Wi-Fi's slow, 5g in my street, 2FA",
        "50 mbps since 2025 and error 1022",
        "what is the PUK of my SIM",
    ],
)
def test_ordinary_words_tell_nothing(text: str) -> None:
    assert traces(text, KNOWN) == ()
