"""`python -m escalation.subject access|erase`: all we keep of one person, collected or taken out."""

import argparse
import asyncio
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import desk, reading
from escalation.calls.call_record import OutgoingCallRecord
from escalation.database import connect, sessions_of
from escalation.errors import Conflict
from escalation.forgetting import forget
from escalation.office import Office
from escalation.phone_records import CallbackRecord, VoicemailRecord
from escalation.pseudonym import NUMBER_TAIL
from escalation.published.once import policy_in_force
from escalation.reading import Read, What
from escalation.records import (
    AnswerFateRecord,
    AuditRecord,
    ContactRecord,
    NoteRecord,
    Record,
    TicketRecord,
    TurnRecord,
)
from escalation.store import Case, case_of
from escalation.ticket import OPEN, Move, Status, legal_moves
from escalation.visits.visit_record import VisitRecord
from settings import load

_ENDS = (Move.CLOSE, Move.CANCEL, Move.REJECT, Move.RESOLVE)  # the first that is legal

_ASKED = "the customer asked for erasure"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever has this account, or this telephone number: in full, and only these."""

    account: str | None = None
    phone: str | None = None

    @property
    def values(self) -> list[str]:
        return [value for value in (self.account, self.phone) if value]


@dataclass(slots=True)
class Found:
    tickets: list[TicketRecord] = field(default_factory=list)
    contacts: list[ContactRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Erased:
    counts: Counter[str]
    kept: tuple[tuple[str, str], ...]  # references, and why the law wants each kept


async def find(session: AsyncSession, subject: Subject) -> Found:
    """Tickets of the account or the number, conversations of the number or behind those tickets, and their tickets."""
    is_theirs: list[ColumnElement[bool]] = []
    calls: list[ColumnElement[bool]] = []
    if subject.account:
        is_theirs.append(TicketRecord.customer_id == subject.account)
    if subject.phone:
        is_theirs.append(_same_number(TicketRecord.reachable, subject.phone))
        calls.append(_same_number(ContactRecord.caller, subject.phone))
    named = select(TicketRecord.contact_id).where(or_(False, *is_theirs), TicketRecord.contact_id.is_not(None))
    contacts = await session.scalars(select(ContactRecord).where(or_(ContactRecord.id.in_(named), *calls)))
    found = Found(contacts=list(contacts))
    behind = TicketRecord.contact_id.in_([contact.id for contact in found.contacts])
    tickets = await session.scalars(
        select(TicketRecord).where(or_(behind, *is_theirs)).order_by(TicketRecord.id).with_for_update()
    )
    found.tickets = list(tickets)
    return found


async def access(office: Office, subject: Subject, *, by: str) -> dict[str, Any]:
    """Everything, as JSON. `by`: who asked for it, which is recorded."""
    async with office.sessions.begin() as session:
        found = await find(session, subject)
        tickets, contacts = [ticket.id for ticket in found.tickets], [contact.id for contact in found.contacts]
        await _record(office, session, found, by, "access")
        parts: dict[str, Any] = {"tickets": found.tickets, "contacts": found.contacts}
        for name, kind, which in (
            ("turns", TurnRecord, TurnRecord.contact_id.in_(contacts)),
            ("notes", NoteRecord, NoteRecord.ticket_id.in_(tickets)),
            ("history", AuditRecord, AuditRecord.ticket_id.in_(tickets)),
            ("visits", VisitRecord, VisitRecord.ticket_id.in_(tickets)),
            ("callbacks", CallbackRecord, CallbackRecord.ticket_id.in_(tickets)),
            ("calls", OutgoingCallRecord, OutgoingCallRecord.ticket_id.in_(tickets)),
            ("voicemails", VoicemailRecord, VoicemailRecord.ticket_id.in_(tickets)),
            ("answers", AnswerFateRecord, AnswerFateRecord.contact_id.in_(contacts)),
        ):
            parts[name] = list(await session.scalars(select(kind).where(which)))
        return {name: [_plain(record) for record in records] for name, records in parts.items()}


async def erase(
    office: Office, subject: Subject, *, by: str, close_first: bool = False, dry_run: bool = False
) -> Erased:
    """Raises Conflict, and changes nothing, while a ticket of theirs is open, unless it may be closed first.

    A ticket under a legal hold stays as it is, with its conversation.
    """
    async with office.sessions() as session:
        found = await find(session, subject)
        held = [ticket for ticket in found.tickets if ticket.held_because]
        found.tickets = [ticket for ticket in found.tickets if not ticket.held_because and ticket.erased_at is None]
        kept_contacts = {ticket.contact_id for ticket in held}
        found.contacts = [contact for contact in found.contacts if contact.id not in kept_contacts]
        still_open = [ticket for ticket in found.tickets if ticket.status in OPEN | {Status.RESOLVED}]
        if still_open and not close_first:
            raise Conflict(f"open: {', '.join(ticket.reference for ticket in still_open)} (--close-first ends them)")
        for ticket in still_open:
            _end(office, await case_of(session, ticket), by)
        await session.flush()
        values = [*subject.values, *(value for ticket in found.tickets if (value := ticket.reachable))]
        for ticket in found.tickets:
            (await case_of(session, ticket)).audit(office.now(), by, "erased")
        counts = await forget(
            session,
            office.policy.masking,
            tickets=found.tickets,
            contacts=found.contacts,
            known=values,
            now=office.now(),
        )
        await _record(office, session, found, by, "erase")
        await (session.rollback() if dry_run else session.commit())
    return Erased(counts, tuple((ticket.reference, ticket.held_because or "") for ticket in held))


def _end(office: Office, case: Case, by: str) -> None:
    """By the moves of its state: what is worked on is resolved first."""
    while case.status in OPEN | {Status.RESOLVED}:
        move = next(move for move in _ENDS if move in legal_moves(case.status))
        desk.make(office, case, desk.Deed(move, desk.Actor(by), text=_ASKED, why=_ASKED))


async def _record(office: Office, session: AsyncSession, found: Found, by: str, what: str) -> None:
    tickets = [ticket.reference for ticket in found.tickets]
    contacts = [contact.id for contact in found.contacts]
    await reading.record(
        office, session, Read(reader=by, what=What.SUBJECT, tickets=tickets, contacts=contacts, fields=[what])
    )


def _same_number(column: Any, number: str) -> ColumnElement[bool]:
    digits = re.sub(r"\D", "", number)[-NUMBER_TAIL:]
    return and_(func.right(func.regexp_replace(column, r"\D", "", "g"), NUMBER_TAIL) == digits, column.not_like("%@%"))


def _plain(record: Record) -> dict[str, Any]:
    """What a person may have: the row without what only our rules need, sound as its length."""
    values = {column.key: getattr(record, column.key) for column in record.__mapper__.column_attrs}
    values.pop("policy", None)
    if "audio" in values:
        values["audio"] = values["audio"].hex()
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def as_html(parts: dict[str, Any]) -> str:
    """A page that needs nothing from anywhere."""
    body = []
    for name, records in parts.items():
        body.append(f"<h2>{html.escape(name)} ({len(records)})</h2>")
        for record in records:
            rows = "".join(f"<dt>{html.escape(key)}<dd>{html.escape(str(value))}" for key, value in record.items())
            body.append(f"<dl>{rows}</dl>")
    return f'<!doctype html><meta charset="utf-8"><title>What is kept of you</title>{"".join(body)}'


async def _run(asked: argparse.Namespace) -> int:
    settings = load()
    engine = connect(settings)
    sessions, subject = sessions_of(engine), Subject(asked.account, asked.phone)
    try:
        known = await policy_in_force(sessions)
        office = Office(sessions, known, settings.firstline_operator_name)
        if asked.command == "access":
            parts = await access(office, subject, by=asked.by)
            text = as_html(parts) if asked.out.suffix == ".html" else json.dumps(parts, indent=2)
            asked.out.write_text(text, encoding="utf-8")
            _say(Counter({name: len(records) for name, records in parts.items()}))
        else:
            done = await erase(office, subject, by=asked.by, close_first=asked.close_first, dry_run=asked.dry_run)
            _say(done.counts)
            for reference, why in done.kept:
                sys.stdout.write(f"kept {reference}: {why}\n")
    except Conflict as refusal:
        sys.stderr.write(f"{refusal.detail}\n")
        return 1
    finally:
        await engine.dispose()
    return 0


def _say(counts: Counter[str]) -> None:
    sys.stdout.write("".join(f"{name}: {number}\n" for name, number in counts.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m escalation.subject")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("access", "erase"):
        command = commands.add_parser(name)
        command.add_argument("--account")
        command.add_argument("--phone", help="in any usual writing")
        command.add_argument("--by", required=True, help="who asked for it, for the record")
        if name == "access":
            command.add_argument("--out", type=Path, required=True, help="a .json or .html file")
        else:
            command.add_argument("--dry-run", action="store_true", help="counts, and changes nothing")
            command.add_argument("--close-first", action="store_true", help="end their open tickets")
    asked = parser.parse_args(arguments)
    if not (asked.account or asked.phone):
        parser.error("--account or --phone is needed")
    return asyncio.run(_run(asked))


if __name__ == "__main__":
    sys.exit(main())
