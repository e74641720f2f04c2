"""Proposing another text of a policy file: looked at first, stored with a reason, brought onto a newer text."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import Conflict, Incomplete, NotAllowed, NotFound
from escalation.office import Office
from escalation.permission import check_changes_policy
from escalation.published import in_force
from escalation.published.examining import as_stored, examine, known
from escalation.published.policy_records import PolicyProposalRecord, PolicyVersionRecord
from escalation.published.policy_wire import Checked, ProposeAsked, RebaseAsked, Rebased
from escalation.published.rebase import merged
from escalation.published.shelf import OPEN

WITHDRAWN = "withdrawn"
MOVED = "The file was changed since you began: look at what changed, and bring your change onto it"


async def check(office: Office, username: str, file: str, text: str) -> Checked:
    """Nothing is stored. Raises NotAllowed or NotFound."""
    check_changes_policy(office.policy, username)
    async with office.sessions() as session:
        return await examine(office, session, known(file), as_stored(text))


async def propose(office: Office, username: str, file: str, asked: ProposeAsked) -> int:
    """The id of the proposal. Raises NotAllowed, NotFound, Incomplete, or Conflict when the base has moved."""
    check_changes_policy(office.policy, username)
    text = as_stored(asked.text)
    if not asked.why.strip():
        raise Incomplete("Say why it should change")
    async with office.change() as session:
        checked = await examine(office, session, known(file), text)
        if checked.base != asked.base:
            raise Conflict(MOVED)
        if checked.faults:
            raise Incomplete(f"It has {len(checked.faults)} faults: it cannot be proposed")
        if text == checked.in_force:
            raise Incomplete("Nothing is changed")
        if asked.replaces is not None:
            _withdraw(office, await own(session, username, asked.replaces))
        record = PolicyProposalRecord(
            file=file,
            base=checked.in_force,
            text=text,
            why=asked.why.strip(),
            proposed_by=username,
            proposed_at=office.now(),
            state=OPEN,
            because="",
        )
        session.add(record)
        await session.flush()
        return record.id


async def rebase(office: Office, username: str, file: str, asked: RebaseAsked) -> Rebased:
    """The same changes on what is in force now; nothing is stored. Raises NotAllowed, NotFound, or Conflict when the
    text it was written on was never in force here.
    """
    check_changes_policy(office.policy, username)
    async with office.sessions() as session:
        source = await in_force.source(session, office.policy.source.installed)
        before = await session.scalars(select(PolicyVersionRecord.text).where(PolicyVersionRecord.file == known(file)))
        texts = [source.installed[file], *before]
    base = next((text for text in texts if in_force.digest_of(text) == asked.base), None)
    if base is None:
        raise Conflict("The text you began with is not kept: begin again with the one that is in force")
    present = source.texts[file]
    found = merged(base, present, as_stored(asked.text))
    return Rebased(text=found.text, base=in_force.digest_of(present), conflicts=found.conflicts)


async def withdraw(office: Office, username: str, proposal_id: int) -> None:
    """Raises NotAllowed, NotFound or Conflict."""
    check_changes_policy(office.policy, username)
    async with office.change() as session:
        _withdraw(office, await own(session, username, proposal_id))


async def still_open(session: AsyncSession, proposal_id: int) -> PolicyProposalRecord:
    """Locked until the transaction ends. Raises NotFound, or Conflict when somebody has decided."""
    record = await session.get(PolicyProposalRecord, proposal_id, with_for_update=True)
    if record is None:
        raise NotFound("There is no such proposal")
    if record.state != OPEN:
        raise Conflict(f"This proposal is decided already: {record.state}")
    return record


async def own(session: AsyncSession, username: str, proposal_id: int) -> PolicyProposalRecord:
    record = await still_open(session, proposal_id)
    if record.proposed_by != username:
        raise NotAllowed("Only who proposed it can withdraw it")
    return record


def _withdraw(office: Office, record: PolicyProposalRecord) -> None:
    record.state, record.decided_by, record.decided_at = WITHDRAWN, record.proposed_by, office.now()
