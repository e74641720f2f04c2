"""What a text would be as a policy file: its faults with their lines, or what it would change of the open tickets."""

import asyncio
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import NotFound
from escalation.office import Office
from escalation.policy import Policy, PolicyError, Source, assembled
from escalation.policy.reading import Fault, refuse
from escalation.published import in_force
from escalation.published.catalogue import CHANGEABLE
from escalation.published.effect import effect, open_tickets, rehearse
from escalation.published.harmless import harm_in
from escalation.published.policy_wire import Checked, Effect, FaultView
from escalation.records import TicketRecord

DEPARTMENTS_IN = "routing.yml"


def as_stored(text: str) -> str:
    """Browsers send CR LF; a file ends with one line's end."""
    return text.replace("\r\n", "\n").rstrip() + "\n"


def known(file: str) -> str:
    """Raises NotFound for what may not be changed here."""
    if file not in CHANGEABLE:
        raise NotFound(f"{file[:40]} is not a policy file that can be changed here")
    return file


async def departments_in_use(session: AsyncSession, file: str) -> frozenset[str]:
    """Of all tickets, open or not; looked up for the file that could take one away."""
    if file != DEPARTMENTS_IN:
        return frozenset()
    found = await session.scalars(select(TicketRecord.department).where(TicketRecord.deleted_at.is_(None)).distinct())
    return frozenset(found)


def policy_with(source: Source, file: str, text: str, now: datetime, *, in_use: frozenset[str]) -> Policy:
    """All files as they are in force, but this one. `in_use`: departments of tickets. Raises PolicyError."""
    if harm := harm_in(file, text):
        raise PolicyError("The policy is not valid", [harm])
    texts = {**source.published, file: text}
    policy = assembled(Source(installed=source.installed, published=texts))
    gone = sorted(in_use - set(policy.routing.departments))
    refuse(texts, [(file, ("departments",), f"{name} has tickets: it cannot be taken away") for name in gone])
    if trouble := rehearse(policy, now):
        raise PolicyError("The policy cannot be used", [Fault(file, 1, trouble)])
    return policy


async def examine(office: Office, session: AsyncSession, file: str, text: str) -> Checked:
    """Against what is in force at this moment, in a thread: the program goes on."""
    source = await in_force.source(session, office.policy.source.installed)
    tickets, in_use = await open_tickets(session), await departments_in_use(session, file)
    present = source.texts[file]

    def look() -> tuple[tuple[FaultView, ...], Effect | None]:
        try:
            proposed = policy_with(source, file, text, office.now(), in_use=in_use)
        except PolicyError as error:
            return tuple(_shown(fault, {**source.texts, file: text}) for fault in error.faults), None
        return (), effect(assembled(source), proposed, tickets, office.now())

    faults, found = await asyncio.to_thread(look)
    return Checked(text=text, faults=faults, in_force=present, base=in_force.digest_of(present), effect=found)


def _shown(fault: Fault, texts: dict[str, str]) -> FaultView:
    lines = texts.get(fault.file, "").splitlines()
    number = fault.line
    line = lines[number - 1].strip() if number is not None and number <= len(lines) else ""
    return FaultView(file=fault.file, line=number, words=fault.words, text=line)
