"""What the service may send over ConversationRelay's socket: kinds, fields and their values, as strictly as can be."""

import json
import re
from typing import Any

from ivr.overheard import ServiceFailed

TEXT, FLAG = r"(?s).+", bool
KINDS: dict[str, dict[str, Any]] = {
    "text": {"token": TEXT, "last": FLAG, "lang": TEXT, "interruptible": FLAG, "preemptible": FLAG},
    "play": {"source": r"https?://\S+", "loop": int, "interruptible": FLAG, "preemptible": FLAG},
    "sendDigits": {"digits": r"[0-9w#*]+"},
    "language": {"ttsLanguage": TEXT, "transcriptionLanguage": TEXT},
    "end": {"handoffData": TEXT},
}
NEEDS = {"text": {"token"}, "play": {"source"}, "sendDigits": {"digits"}}


def parse(sent: str | bytes) -> dict[str, Any]:
    """The message. Raises ServiceFailed: the network would refuse it and go on without."""
    try:
        message = json.loads(sent)
        kind = message.pop("type")
        fields = KINDS[kind]
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise ServiceFailed(f"no message: {sent[:80]!r}") from error
    for name, value in message.items():
        if not _is(value, fields.get(name)):
            raise ServiceFailed(f"{kind} with {name}={str(value)[:80]!r}")
    if missing := NEEDS.get(kind, set()) - set(message):
        raise ServiceFailed(f"{kind} without {', '.join(sorted(missing))}")
    if kind == "language" and not message:
        raise ServiceFailed("language without a language")
    return {"type": kind, **message}


def _is(value: object, wanted: Any) -> bool:
    if wanted is None:
        return False
    if isinstance(wanted, str):
        return isinstance(value, str) and re.fullmatch(wanted, value) is not None
    return type(value) is wanted
