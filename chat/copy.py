"""A copy of a conversation for the customer: one page of HTML that needs nothing from anywhere."""

import html
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chat.event import Stored
from chat.session import Conversation
from chat.wording import Words

MOST_TEXT_CHARS = 60_000
PAGE = Path(__file__).resolve().parent / "page" / "copy.html"


def copy_of(conversation: Conversation, events: Sequence[Stored], words: Words, zone: ZoneInfo) -> str:
    """Everything said, as it was shown, escaped; facts stay masked. Times are the operator's."""
    language = conversation.language
    rows = [_row(each.event.data, words, language, zone) for each in events if each.event.kind == "message"]
    reference = conversation.ticket.reference if conversation.ticket else ""
    filled = {
        "language": language,
        "title": words.say(language, "copy.title"),
        "about": words.say(
            language, "copy.about", day=f"{conversation.started_at.astimezone(zone):%Y-%m-%d}", zone=zone
        ),
        "reference": words.say(language, "copy.reference", reference=reference) if reference else "",
    }
    text = PAGE.read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace(f"{{{{{name}}}}}", html.escape(value))
    return text.replace("{{rows}}", "\n".join(rows))


def text_copy(conversation: Conversation, events: Sequence[Stored], words: Words, zone: ZoneInfo) -> str:
    """The same as plain text, for an e-mail: the newest MOST_TEXT_CHARS."""
    language = conversation.language
    said = [_line(each.event.data, words, language, zone) for each in events if each.event.kind == "message"]
    reference = conversation.ticket.reference if conversation.ticket else ""
    day = f"{conversation.started_at.astimezone(zone):%Y-%m-%d}"
    head = [words.say(language, "copy.title"), words.say(language, "copy.about", day=day, zone=zone)]
    head += [words.say(language, "copy.reference", reference=reference)] if reference else []
    body = "\n\n".join(said)
    if len(body) > MOST_TEXT_CHARS:
        body = words.say(language, "copy.cut") + "\n\n" + body[-MOST_TEXT_CHARS:]
    return "\n".join([words.say(language, "copy.asked_for"), "", *head, "", body])


def _line(data: dict[str, str], words: Words, language: str, zone: ZoneInfo) -> str:
    at = datetime.fromisoformat(data["at"]).astimezone(zone)
    return f"{_who(data, words, language)}, {at:%H:%M}\n{_said(data, words, language)}"


def _who(data: dict[str, str], words: Words, language: str) -> str:
    author = data["author"]
    return data.get("agent_name") or words.say(language, f"widget.{'you' if author == 'customer' else author}")


def _said(data: dict[str, str], words: Words, language: str) -> str:
    return words.say(language, "widget.hidden") if data.get("masked") else data["text"]


def _row(data: dict[str, str], words: Words, language: str, zone: ZoneInfo) -> str:
    author, text = data["author"], _said(data, words, language)
    who = _who(data, words, language)
    at = datetime.fromisoformat(data["at"]).astimezone(zone)
    head = f'<h2>{html.escape(who)} <time datetime="{at.isoformat()}">{at:%H:%M}</time></h2>'
    return f'<article class="{author}">{head}<p>{html.escape(text)}</p></article>'
