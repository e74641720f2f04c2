"""A copy of a conversation for the customer: one page of HTML that needs nothing from anywhere."""

import html
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chat.event import Stored
from chat.session import Conversation
from chat.wording import Words

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


def _row(data: dict[str, str], words: Words, language: str, zone: ZoneInfo) -> str:
    author = data["author"]
    who = data.get("agent_name") or words.say(language, f"widget.{'you' if author == 'customer' else author}")
    text = words.say(language, "widget.hidden") if data.get("masked") else data["text"]
    at = datetime.fromisoformat(data["at"]).astimezone(zone)
    head = f'<h2>{html.escape(who)} <time datetime="{at.isoformat()}">{at:%H:%M}</time></h2>'
    return f'<article class="{author}">{head}<p>{html.escape(text)}</p></article>'
