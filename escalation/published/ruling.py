"""Deciding about a proposal: four eyes, one publication at a time, and nothing that is wrong is ever published."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import Conflict, Incomplete, NotAllowed
from escalation.office import Office
from escalation.permission import check_changes_policy, may_decide_alone
from escalation.policy import PolicyError, assembled
from escalation.published import in_force
from escalation.published.effect import effect, open_tickets
from escalation.published.examining import departments_in_use, policy_with
from escalation.published.policy_records import PolicyProposalRecord, PolicyVersionRecord
from escalation.published.policy_wire import RuleAsked
from escalation.published.proposing import still_open

LOCK = 621_0025  # one publication at a time: what is checked together is in force together
INSTALLED = "As it was installed"
ACCEPTED, REJECTED = "accepted", "rejected"


async def accept(office: Office, username: str, proposal_id: int, asked: RuleAsked) -> None:
    """Published: in force as soon as this commits. Raises NotAllowed, NotFound, Incomplete, or Conflict when the text
    it was written on is no longer in force, or it does not fit the other files by now.
    """
    check_changes_policy(office.policy, username)
    async with office.change() as session:
        await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        record = await still_open(session, proposal_id)
        alone = _is_alone(office, username, record, asked)
        source = await in_force.source(session, office.policy.source.installed)
        if source.texts[record.file] != record.base:
            raise Conflict("The file was changed since this was proposed: it must be brought onto the new text first")
        in_use = await departments_in_use(session, record.file)
        try:
            policy = await asyncio.to_thread(policy_with, source, record.file, record.text, office.now(), in_use=in_use)
        except PolicyError as error:
            raise Conflict(f"It does not fit the other files any more. {error.faults[0]}") from None
        tickets = await open_tickets(session)
        changed = await asyncio.to_thread(effect, assembled(source), policy, tickets, office.now())
        _decide(office, record, username, asked, ACCEPTED)
        record.effect = changed.model_dump(mode="json")
        await publish(office, session, record, alone=alone)


async def reject(office: Office, username: str, proposal_id: int, asked: RuleAsked) -> None:
    """Raises NotAllowed, NotFound, Conflict, or Incomplete without a reason."""
    check_changes_policy(office.policy, username)
    async with office.change() as session:
        record = await still_open(session, proposal_id)
        if record.proposed_by == username:
            raise NotAllowed("Your own proposal is withdrawn, not turned down")
        if not asked.because.strip():
            raise Incomplete("Say why it is turned down")
        _decide(office, record, username, asked, REJECTED)


async def publish(office: Office, session: AsyncSession, record: PolicyProposalRecord, *, alone: bool) -> None:
    """The next version of the file; before the first one, what it takes the place of is kept as a version too."""
    newest = await session.scalar(
        select(func.max(PolicyVersionRecord.number)).where(PolicyVersionRecord.file == record.file)
    )
    if newest is None:
        newest = 1
        session.add(
            PolicyVersionRecord(
                file=record.file,
                number=newest,
                text=record.base,
                at=office.now(),
                why=INSTALLED,
                because="",
                alone=False,
            )
        )
        await session.flush()
    session.add(
        PolicyVersionRecord(
            file=record.file,
            number=newest + 1,
            text=record.text,
            at=office.now(),
            why=record.why,
            proposed_by=record.proposed_by,
            decided_by=record.decided_by,
            because=record.because,
            alone=alone,
            proposal_id=record.id,
        )
    )


def _is_alone(office: Office, username: str, record: PolicyProposalRecord, asked: RuleAsked) -> bool:
    if record.proposed_by != username:
        return False
    if not may_decide_alone(office.policy, username):
        raise NotAllowed("Somebody else decides about what you propose")
    if not asked.alone or not asked.because.strip():
        raise Incomplete("Say why nobody else can decide about your own proposal")
    return True


def _decide(office: Office, record: PolicyProposalRecord, username: str, asked: RuleAsked, state: str) -> None:
    record.state, record.decided_by, record.decided_at = state, username, office.now()
    record.because = asked.because.strip()
