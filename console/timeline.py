"""What was said and noted about a ticket, as one list in order."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from console import view
from escalation.client import Note, Turn

Kind = Literal["customer", "bot", "agent", "system", "note internal", "note public"]


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


def entries(turns: Sequence[Turn], notes: Sequence[Note]) -> list[Entry]:
    """Turns keep their own order where times are equal; a note stands after what was said before it."""
    listed = [_of_turn(turn) for turn in turns]
    listed += [_of_note(number, note) for number, note in enumerate(notes)]
    return sorted(listed, key=lambda entry: entry.at)


def _of_turn(turn: Turn) -> Entry:
    named = turn.about.get("agent_name") if turn.author == "agent" else None
    return Entry(
        key=_key(f"{turn.contact_id}:{turn.turn_id}"),
        kind=turn.author,
        who=str(named or view.AUTHORS[turn.author]),
        at=turn.at,
        text=turn.text,
        choices=turn.choices,
        tried=tuple(tried(turn.about)),
    )


def _of_note(number: int, note: Note) -> Entry:
    kind: Kind = "note public" if note.public else "note internal"
    return Entry(key=_key(f"note:{number}:{note.at}"), kind=kind, who=note.author, at=note.at, text=note.text)


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
