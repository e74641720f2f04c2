"""What was said and noted about a ticket, as one list in order."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from console import view
from escalation.client import Attachment, Note, Turn

Kind = Literal["customer", "bot", "agent", "system", "note"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the list. `key` is its id in the page: the same entry has the same key in every answer."""

    key: str
    kind: Kind
    who: str
    at: datetime
    text: str
    choices: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()  # what the assistant went by, in words
    attachment: Attachment | None = None
    to: str = ""  # of a whisper: the name of whoever had the ticket
    is_for_me: bool = False
    shown: bool = True  # False: sent to the customer, but not yet seen to stand in their window


def entries(
    turns: Sequence[Turn], notes: Sequence[Note], attachments: Sequence[Attachment] = (), *, me: str = ""
) -> list[Entry]:
    """In order of time; turns keep their own order where times are equal. `attachments`: those the reader may open;
    `me`: the reader's username.

    A reply is first a public note of the ticket, and then, once the customer's window shows it, a turn of the contact:
    the two are one entry, which is there at once and later counts as shown.
    """
    shown = Counter(turn.text.strip() for turn in turns if turn.author == "agent")
    files = {str(each.id): each for each in attachments}
    listed = []
    for number, note in enumerate(notes):
        is_shown = note.public and shown[note.text.strip()] > 0
        shown[note.text.strip()] -= is_shown
        listed.append(_of_note(number, note, files, is_shown=is_shown, me=me))
    noted = Counter(entry.text.strip() for entry in listed if entry.kind == "agent" and entry.shown)
    for turn in turns:
        if turn.author == "agent" and noted[turn.text.strip()] > 0:
            noted[turn.text.strip()] -= 1
        else:
            listed.append(_of_turn(turn, files))
    return sorted(listed, key=lambda entry: entry.at)


def _of_turn(turn: Turn, files: Mapping[str, Attachment]) -> Entry:
    about: JsonValue = turn.about.get("attachment")
    named = turn.about.get("agent_name") if turn.author == "agent" else None
    return Entry(
        key=_key(f"{turn.contact_id}:{turn.turn_id}"),
        kind=turn.author,
        who=str(named or view.AUTHORS[turn.author]),
        at=turn.at,
        text=turn.text,
        choices=turn.choices,
        tried=tuple(tried(turn.about)),
        attachment=files.get(str(about.get("id"))) if isinstance(about, dict) else None,
    )


def _of_note(number: int, note: Note, files: Mapping[str, Attachment], *, is_shown: bool, me: str) -> Entry:
    kind: Kind = "agent" if note.public else "note"
    key = _key(f"note:{number}:{note.at}")
    return Entry(
        key=key,
        kind=kind,
        who=note.author,
        at=note.at,
        text=note.text,
        attachment=files.get(str(note.attachment_id)),
        to=note.to or "",
        is_for_me=note.addressee is not None and note.addressee == me,
        shown=is_shown or not note.public,
    )


def tried(about: Mapping[str, JsonValue]) -> list[str]:
    """What a turn rests on, for a person: the article and how sure, the step of a flow, how well speech was heard."""
    found = []
    if article := about.get("title") or about.get("article"):
        found.append(f"Article: {article}{_sure(about.get('confidence'), 'sure')}")
    if flow := about.get("flow"):
        step = about.get("step")
        found.append(f"Steps: {view.name_of(str(flow))}" + (f", {view.name_of(str(step)).lower()}" if step else ""))
    heard = about.get("recognition", about.get("recognition_confidence"))
    if heard is not None:
        found.append(f"Heard{_sure(heard, 'sure')}")
    return found


def _sure(share: JsonValue, word: str) -> str:
    if isinstance(share, bool) or not isinstance(share, int | float):
        return ""
    return f", {share:.0%} {word}"


def _key(name: str) -> str:
    return "e-" + hashlib.sha256(name.encode()).hexdigest()[:16]
