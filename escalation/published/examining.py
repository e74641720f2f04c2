"""What a text would be as a policy file: its faults with their lines, or what it would change of the open tickets."""

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import NotFound
from escalation.office import Office
from escalation.policy import Policy, PolicyError, Source, assembled
from escalation.policy.reading import Fault
from escalation.published import in_force
from escalation.published.catalogue import CHANGEABLE
from escalation.published.effect import OpenTickets, effect, open_tickets, rehearse
from escalation.published.harmless import harm_in
from escalation.published.policy_wire import Checked, Effect, FaultView


def as_stored(text: str) -> str:
    """Browsers send CR LF; a file ends with one line's end."""
    return text.replace("\r\n", "\n").rstrip() + "\n"


def known(file: str) -> str:
    """Raises NotFound for what may not be changed here."""
    if file not in CHANGEABLE:
        raise NotFound(f"{file[:40]} is not a policy file that can be changed here")
    return file


def policy_with(source: Source, file: str, text: str, now: datetime) -> Policy:
    """All files as they are in force, but this one. Raises PolicyError."""
    if harm := harm_in(file, text):
        raise PolicyError("The policy is not valid", [harm])
    policy = assembled(Source(installed=source.installed, published={**source.published, file: text}))
    if trouble := rehearse(policy, now):
        raise PolicyError("The policy cannot be used", [Fault(file, 1, trouble)])
    return policy


async def examine(office: Office, session: AsyncSession, file: str, text: str) -> Checked:
    """Against what is in force at this moment, in a thread: the program goes on."""
    source = await in_force.source(session, office.policy.source.installed)
    tickets = await open_tickets(session)
    return await asyncio.to_thread(_checked, source, file, text, office.now(), tickets)


def _checked(source: Source, file: str, text: str, now: datetime, tickets: OpenTickets) -> Checked:
    present = source.texts[file]
    faults: tuple[FaultView, ...] = ()
    found: Effect | None = None
    try:
        proposed = policy_with(source, file, text, now)
    except PolicyError as error:
        faults = tuple(_shown(fault, {**source.texts, file: text}) for fault in error.faults)
    else:
        found = effect(assembled(source), proposed, tickets, now)
    return Checked(text=text, faults=faults, in_force=present, base=in_force.digest_of(present), effect=found)


def _shown(fault: Fault, texts: dict[str, str]) -> FaultView:
    lines = texts.get(fault.file, "").splitlines()
    number = fault.line
    line = lines[number - 1].strip() if number is not None and number <= len(lines) else ""
    return FaultView(file=fault.file, line=number, words=fault.words, text=line)
