"""Frames of a WebSocket that are written to break whoever reads them, by kind, and mixtures of right and wrong ones."""

import json

from hypothesis import strategies as st

from bounded import MOST_FRAME_BYTES
from tests.security.hostile import any_text

DEEP = 20_000
MANY = 3_000
Frame = str | bytes

# None of them is a message of any socket of ours: whoever sends them is passed over, or is hung up on.
REFUSED: dict[str, tuple[Frame, ...]] = {
    "not JSON": ("{", "hello", "'", '{"type": "prompt",}', "NaN", "\x00", ""),
    "JSON of another shape": ("null", "[]", "[1, 2]", '"prompt"', "1e999", "true"),
    "deep": ("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP, '{"type": ' + "[" * 900 + "]" * 900 + "}"),
    "an unknown kind": (
        '{"type": "media"}',
        '{"type": "end", "handoffData": "{}"}',
        '{"type": ""}',
        '{"Type": "dtmf"}',
    ),
    "wrong types": (
        '{"type": "prompt", "voicePrompt": 1, "last": "yes?"}',
        '{"type": "prompt", "voicePrompt": null, "lang": [], "last": true}',
        '{"type": "dtmf", "digit": 1}',
        '{"type": "dtmf", "digit": "12"}',
        '{"type": "dtmf", "digit": "\\u0663"}',
        '{"type": "interrupt", "utteranceUntilInterrupt": "a", "durationUntilInterruptMs": -1}',
        '{"type": "interrupt", "utteranceUntilInterrupt": "a", "durationUntilInterruptMs": ' + "9" * 5000 + "}",
        '{"type": ["dtmf"], "digit": "1"}',
        '{"type": {"$ne": null}}',
    ),
    "fields that are missing or twice": (
        '{"type": "prompt"}',
        '{"type": "dtmf"}',
        '{"type": "setup"}',
        '{"type": "dtmf", "type": "media", "digit": "1"}',
        '{"type": "prompt", "voicePrompt": "a", "voicePrompt": {"b": 1}, "last": true}',
    ),
    "half a pair": ('{"type": "prompt", "voicePrompt": "\\ud800", "last": true}', '{"type": "\\udfff"}'),
    "bytes": (b"", b"\x00\xff\xfe", b'{"type": "dtmf", "digit": "1"}', b"types"),
    "out of order": (
        '{"type": "setup", "sessionId": "VX2", "callSid": "CAother"}',
        '{"type": "setup", "sessionId": "VX3", "callSid": "CA1", "customParameters": {"speaking_s": "1"}}',
    ),
    "long": ("x" * 100_000, '{"type": "prompt", "last": true, "voicePrompt": "' + "x" * 100_000 + '"}'),
    "many": tuple(f'{{"type": "media", "number": {number}}}' for number in range(MANY)),
    "many that are empty": ("",) * MANY,
    "the console's own word": ("types", "types ", "TYPES", "typestypes"),
}
TOO_LONG: Frame = "x" * (MOST_FRAME_BYTES + 1)
_ANY_TEXT = any_text()
KINDS = ("setup", "prompt", "dtmf", "interrupt", "error", "text", "end", "media", "")
NAMES = (
    *("sessionId", "callSid", "customParameters", "voicePrompt", "lang", "last", "digit", "description"),
    *("utteranceUntilInterrupt", "durationUntilInterruptMs"),
)


@st.composite
def _words(draw: st.DrawFn) -> str:
    """Named, because the corpus is too long to be shown wherever it is used."""
    return draw(_ANY_TEXT)


def any_frame() -> st.SearchStrategy[Frame]:
    """A message with fields right and wrong, any JSON, any text, any bytes."""
    words = _words()
    value = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from("0123456789*#") | words
    anything = st.recursive(
        value, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
    )
    message = st.builds(
        lambda kind, fields: {"type": kind, **fields},
        st.sampled_from(KINDS),
        st.dictionaries(st.sampled_from(NAMES), anything, max_size=4),
    )
    spoken = st.builds(lambda said, last: {"type": "prompt", "voicePrompt": said, "last": last}, words, st.booleans())
    pressed = st.builds(lambda key: {"type": "dtmf", "digit": key}, st.sampled_from("0123456789*#"))
    written = st.builds(json.dumps, message | spoken | pressed | anything)
    return written | st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.binary(max_size=40)
