"""What the search of the queue finds: conditions that indexes answer, whatever is searched for."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, or_, true

from escalation.records import TicketRecord
from escalation.reference import PREFIX

_AS_WRITTEN: ColumnElement[Any] = literal_column("'simple'")  # no language's stems; as the index says it
DIGITS = 8  # of a reference
_REFERENCE = re.compile(r"(?:FL)?[\s\-]*((?:\d[\s\-]*)+)", re.IGNORECASE)


def found_by(search: str, *, in_words: bool, one_by_one: bool = False) -> ColumnElement[bool]:
    """By the beginning of the reference, or topic; `in_words` also by customer id or words of the problem.

    Whoever may not read the problem must not learn its words by asking for them. `one_by_one`: to be asked of tickets
    in their order. PostgreSQL thinks any word rare, and would else read and sort all that have it; of a CASE it knows
    nothing, and supposes that every second one is found.
    """
    openly = or_(func.lower(TicketRecord.category) == search.lower(), *_references(search))
    if not in_words:
        return openly
    found = or_(openly, _has_words(search), TicketRecord.customer_id == search)
    return case((found, true()), else_=false()) if one_by_one else found


def _references(search: str) -> list[ColumnElement[bool]]:
    """All of the same length, so that those that begin alike lie between two."""
    written = _REFERENCE.fullmatch(search)
    digits = re.sub(r"\D", "", written[1]) if written else ""
    if not 0 < len(digits) <= DIGITS:
        return []
    first, last = (f"{PREFIX}{digits.ljust(DIGITS, rest)}" for rest in "09")
    return [and_(TicketRecord.reference >= first, TicketRecord.reference <= last)]


def _has_words(search: str) -> ColumnElement[bool]:
    """Every word of it, or one that begins so, in any order."""
    words = (word.replace("\\", "\\\\").replace("'", "''") for word in search.split())
    return func.to_tsvector(_AS_WRITTEN, TicketRecord.problem).op("@@")(
        func.to_tsquery(_AS_WRITTEN, " & ".join(f"'{word}':*" for word in words))
    )
