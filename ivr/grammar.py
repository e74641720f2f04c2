"""What TwiML may look like: verbs, nesting, attributes and their values, checked as strictly as can be."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

DOCUMENT_BYTES = 64 * 1024
SAY_CHARS = 4096
BOOLEAN = r"true|false"
NUMBER = r"\d{1,5}"
ADDRESS = r"(https?://|/)\S+"
LANGUAGE = r"[a-z]{2}-[A-Z]{2}"
INTERRUPTIBLE = r"none|dtmf|speech|any"
PROVIDER = r"Google|Amazon|ElevenLabs"


class BadTwiml(Exception):
    """The telephone network would refuse this document, or silently ignore part of it."""


@dataclass(frozen=True, slots=True)
class Verb:
    attributes: dict[str, str]
    children: frozenset[str] = frozenset()
    text: str | None = None  # None: no text is allowed; else a pattern it must match
    needs: frozenset[str] = frozenset()


VERBS = {
    "Response": Verb(
        {}, frozenset({"Say", "Play", "Gather", "Dial", "Redirect", "Pause", "Hangup", "Record", "Connect"})
    ),
    "Say": Verb({"voice": r"\w+\.[\w-]+|alice|man|woman", "language": LANGUAGE, "loop": NUMBER}, text=r"(?s).+"),
    "Gather": Verb(
        {
            "input": r"dtmf|speech|dtmf speech",
            "action": ADDRESS,
            "method": r"POST",
            "timeout": NUMBER,
            "speechTimeout": rf"auto|{NUMBER}",
            "numDigits": r"[1-9]\d*",
            "finishOnKey": r"[\d#*]*",
            "language": LANGUAGE,
            "hints": r".{0,10000}",
            "bargeIn": BOOLEAN,
            "actionOnEmptyResult": BOOLEAN,
            "profanityFilter": BOOLEAN,
        },
        frozenset({"Say", "Play", "Pause"}),
        needs=frozenset({"input", "action", "actionOnEmptyResult"}),
    ),
    "Connect": Verb(
        {"action": ADDRESS, "method": r"POST"}, frozenset({"ConversationRelay"}), needs=frozenset({"action"})
    ),
    "ConversationRelay": Verb(
        {
            "url": r"wss?://\S+",
            "welcomeGreeting": r"(?s).+",
            "welcomeGreetingInterruptible": INTERRUPTIBLE,
            "interruptible": INTERRUPTIBLE,
            "dtmfDetection": BOOLEAN,
            "partialPrompts": BOOLEAN,
            "language": LANGUAGE,
            "ttsProvider": PROVIDER,
            "voice": r"[\w-]+",
            "transcriptionProvider": r"Google|Deepgram",
            "transcriptionLanguage": rf"multi|{LANGUAGE}",
            "profanityFilter": BOOLEAN,
            "hints": r".{0,10000}",
        },
        frozenset({"Parameter", "Language"}),
        needs=frozenset({"url", "welcomeGreeting", "dtmfDetection"}),
    ),
    "Parameter": Verb({"name": r"\w+", "value": r".{0,500}"}, needs=frozenset({"name", "value"})),
    "Language": Verb({"code": LANGUAGE, "ttsProvider": PROVIDER, "voice": r"[\w-]+"}, needs=frozenset({"code"})),
    "Dial": Verb(
        {
            "action": ADDRESS,
            "method": r"POST",
            "timeout": NUMBER,
            "callerId": r"\+[1-9]\d{6,14}",
            "answerOnBridge": BOOLEAN,
        },
        frozenset({"Number", "Sip"}),
    ),
    "Number": Verb({"url": ADDRESS, "method": r"POST"}, text=r"\+?[\d ]{3,20}"),
    "Sip": Verb({"url": ADDRESS, "method": r"POST"}, text=r"sips?:\S+"),
    "Play": Verb({"loop": NUMBER}, text=ADDRESS),
    "Redirect": Verb({"method": r"POST"}, text=ADDRESS),
    "Pause": Verb({"length": NUMBER}),
    "Record": Verb(
        {
            "action": ADDRESS,
            "method": r"POST",
            "maxLength": NUMBER,
            "timeout": NUMBER,
            "finishOnKey": r"[\d#*]*",
            "playBeep": BOOLEAN,
            "recordingStatusCallback": ADDRESS,
            "recordingStatusCallbackMethod": r"POST",
            "transcribe": BOOLEAN,
            "transcribeCallback": ADDRESS,
        },
        needs=frozenset({"action", "maxLength"}),
    ),
    "Hangup": Verb({}),
}
LAST = {"Redirect", "Hangup"}  # what follows would never be reached


def parse(document: str) -> Element:
    """The document as a tree. Raises BadTwiml."""
    if len(document.encode()) > DOCUMENT_BYTES:
        raise BadTwiml("the document is larger than 64 kB")
    if "<!" in document:
        raise BadTwiml("no document type, no comments")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  # no entities can be declared without "<!"
    except ElementTree.ParseError as error:
        raise BadTwiml(str(error)) from error
    if root.tag != "Response":
        raise BadTwiml(f"<{root.tag}> instead of <Response>")
    _check(root)
    return root


def _check(element: Element) -> None:
    verb = VERBS.get(element.tag)
    if verb is None:
        raise BadTwiml(f"unknown verb <{element.tag}>")
    for name, value in element.attrib.items():
        if name not in verb.attributes:
            raise BadTwiml(f"<{element.tag}> knows no {name}")
        if not re.fullmatch(verb.attributes[name], value):
            raise BadTwiml(f'<{element.tag} {name}="{value[:80]}">')
    if missing := verb.needs - set(element.attrib):
        raise BadTwiml(f"<{element.tag}> without {', '.join(sorted(missing))}")
    _check_text(element, verb)
    for place, child in enumerate(element):
        if child.tag not in verb.children:
            raise BadTwiml(f"<{child.tag}> inside <{element.tag}>")
        if child.tag in LAST and place < len(element) - 1:
            raise BadTwiml(f"something after <{child.tag}>")
        _check(child)


def _check_text(element: Element, verb: Verb) -> None:
    text = (element.text or "").strip()
    if verb.text is None and text:
        raise BadTwiml(f"text inside <{element.tag}>")
    if verb.text is not None and not re.fullmatch(verb.text, text):
        raise BadTwiml(f"<{element.tag}> holds {text[:80]!r}")
    if element.tag == "Say" and len(text) > SAY_CHARS:
        raise BadTwiml("<Say> is longer than 4,096 characters")
    for child in element:
        if (child.tail or "").strip():
            raise BadTwiml(f"text after <{child.tag}>")
