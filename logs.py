"""What a program logs: one line a message, and nothing in it that tells who somebody is.

Also imported inside Rasa: Python 3.10.
"""

import json
import logging
import os
import re
import sys
import threading
import traceback
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

from personal_data import E_MAIL, NUMBER, POSTCODE, cards_and_accounts_masked, cues

HIDDEN = "[hidden]"
# Numbers that are nobody's: ids, times, addresses of programs, sizes. What stands here is not looked at further.
_OURS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\bFL-\d{8}\b|\b(?:AC|CA|SM|MM|RE)[0-9a-f]{32}\b|\b(?=[0-9a-f]*[a-f])[0-9a-f]{16,64}\b"
    r"|\b1[6-9]\d{11}-\d{1,3}\b"  # of an entry in a Redis stream
    r"|\b20\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b(?:127(?:\.\d{1,3}){3}(?::\d{1,5})?|\d{1,3}(?:\.\d{1,3}){3}:\d{1,5})\b"
    r"|\b0x[0-9a-f]+\b|\b\d+(?:\.\d+)?\s?(?:ms|s|bytes|kB|MB|GB)\b|\bpid \d+|\[\d+\]",
    re.IGNORECASE,
)
# What libraries quote of what they were given.
_QUOTED = (
    (re.compile(r"input_value=.*?, input_type=", re.DOTALL), f"input_value={HIDDEN}, input_type="),  # pydantic
    (re.compile(r"(Key \([^)]*\))=\(.*?\)", re.DOTALL), rf"\1=({HIDDEN})"),  # PostgreSQL
    (re.compile(r"(Failing row contains) \(.*\)"), rf"\1 ({HIDDEN})"),
    (re.compile(r"(\[parameters: ).*?\]$", re.DOTALL | re.MULTILINE), rf"\1{HIDDEN}]"),  # SQLAlchemy
    (
        re.compile(r"(\b[a-z][a-z\d+.\-]{1,30}://[^\s:/@]{0,64}):[^\s@/]{1,255}@"),
        rf"\1:{HIDDEN}@",
    ),  # a password in an address
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=\-]+"), rf"\1 {HIDDEN}"),
)
_CONTROLS = {
    code: repr(chr(code))[1:-1] for code in (*range(0x09), *range(0x0A, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
}
MOST_CHARS = 20_000  # of one message or traceback; what is longer loses its middle


def mask() -> None:
    """From now on everything that this process logs is masked, whoever logs it and whichever handler writes it:
    messages, tracebacks, and what ends the process or a thread. With LOG_FORMAT=json each line is an object.
    Raises ValueError for wrong lists of words."""
    cues()
    logging.setLogRecordFactory(MaskedRecord)
    sys.excepthook = _unhandled
    threading.excepthook = lambda died: _unhandled(died.exc_type, died.exc_value, died.exc_traceback)
    if os.environ.get("LOG_FORMAT") == "json":
        _write_objects()


def masked(text: str) -> str:
    """Without e-mail addresses, numbers of six digits, cards, IBANs, postcodes, addresses, codes, passwords, birthdays
    and names that a cue announces; our own ids stay."""
    if len(text) > MOST_CHARS:
        text = f"{text[: MOST_CHARS // 2]} ... {text[-MOST_CHARS // 2 :]}"
    for pattern, instead in _QUOTED:
        text = pattern.sub(instead, text)
    text = cues().birthday.sub(_secret, cards_and_accounts_masked(text))
    out, at = [], 0
    for ours in _OURS.finditer(text):
        out += [_told_nobody(text[at : ours.start()]), ours[0]]
        at = ours.end()
    return "".join([*out, _told_nobody(text[at:])])


def _told_nobody(text: str) -> str:
    words = cues()
    for start, end in sorted(set(words.names_in(text)), reverse=True):
        text = f"{text[:start]}[name]{text[end:]}"
    text = E_MAIL.sub("[e-mail]", text)
    text = NUMBER.sub("[number]", text)
    text = words.code.sub(_secret, text)
    text = words.spelled.sub("[number]", text)
    text = POSTCODE.sub("[postcode]", text)
    return words.address.sub("[address]", text)


def _secret(match: re.Match[str]) -> str:
    found = match.lastgroup or "secret"
    start, end = match.start(found) - match.start(), match.end(found) - match.start()
    return f"{match[0][:start]}{HIDDEN}{match[0][end:]}"


class MaskedRecord(logging.LogRecord):
    """Masked when it is made, so that no handler or formatter sees more. A message never spans two lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = masked("".join(traceback.format_exception(*self.exc_info)).rstrip())
        if self.stack_info:
            self.stack_info = masked(self.stack_info)

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        try:
            message = super().getMessage()
        except (TypeError, ValueError):  # logging itself would print the arguments
            message = f"{self.msg} (its arguments do not fit)"
        return masked(message).translate(_CONTROLS)


class JsonLines(logging.Formatter):
    """time (UTC), level, logger, message, traceback where there is one, and the id of the trace that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        tracing: Any = sys.modules.get("tracing")  # programs that make no traces have not loaded it
        if tracing is not None and (trace_id := tracing.trace_id()):
            told["trace_id"] = trace_id
        if record.exc_text:
            told["traceback"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)


def _write_objects() -> None:
    """Also what uvicorn says, which has handlers of its own."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.access"):
        logger = logging.getLogger(name)
        if logger.handlers:  # without any it is switched off (--no-access-log)
            logger.handlers.clear()
            logger.propagate = True
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _unhandled(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        sys.stderr.write(masked("".join(traceback.format_exception(kind, error, trace))))
