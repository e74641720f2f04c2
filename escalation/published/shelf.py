"""Policy files to read: what is in force, since when and by whom, what it was before, and what is proposed."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import NotFound
from escalation.office import Office
from escalation.permission import check_reads_policy, may_change_policy, may_decide_alone
from escalation.published import in_force
from escalation.published.catalogue import CHANGEABLE, LEFT_OUT
from escalation.published.examining import examine, known
from escalation.published.policy_records import PolicyProposalRecord, PolicyVersionRecord
from escalation.published.policy_wire import (
    Effect,
    FileRow,
    LeftOut,
    PolicyFile,
    PolicyOverview,
    ProposalRow,
    ProposalView,
    VersionRow,
    VersionText,
)
from escalation.views import People, name_of

OPEN = "open"
MOST = 100  # of a file's proposals, the newest
Texts = Mapping[str, str]


async def overview(office: Office, username: str) -> PolicyOverview:
    """Raises NotAllowed."""
    check_reads_policy(office.policy, username)
    async with office.sessions() as session:
        source = await in_force.source(session, office.policy.source.installed)
        versions = (await session.scalars(select(PolicyVersionRecord).order_by(PolicyVersionRecord.number))).all()
        proposals = await session.scalars(
            select(PolicyProposalRecord)
            .where(PolicyProposalRecord.state == OPEN)
            .order_by(PolicyProposalRecord.proposed_at)
        )
        return PolicyOverview(
            files=tuple(_row(office, file, versions) for file in CHANGEABLE),
            left_out=tuple(LeftOut(file=file, because=because) for file, because in LEFT_OUT.items()),
            proposals=tuple(_proposal(one, source.texts, office.policy.people) for one in proposals),
            may_change=may_change_policy(office.policy, username),
        )


async def one(office: Office, username: str, file: str) -> PolicyFile:
    """Raises NotAllowed or NotFound."""
    check_reads_policy(office.policy, username)
    people = office.policy.people
    async with office.sessions() as session:
        source = await in_force.source(session, office.policy.source.installed)
        versions = await _versions(session, known(file))
        proposals = await session.scalars(
            select(PolicyProposalRecord)
            .where(PolicyProposalRecord.file == file)
            .order_by(PolicyProposalRecord.id.desc())
            .limit(MOST)
        )
        text = source.texts[file]
        return PolicyFile(
            row=_row(office, file, versions),
            text=text,
            base=in_force.digest_of(text),
            versions=tuple(_version(version, people) for version in reversed(versions)) or (VersionRow(number=0),),
            proposals=tuple(_proposal(proposal, source.texts, people) for proposal in proposals),
            may_change=may_change_policy(office.policy, username),
        )


async def version(office: Office, username: str, file: str, number: int) -> VersionText:
    """`number` 0: as it is installed. Raises NotAllowed or NotFound."""
    check_reads_policy(office.policy, username)
    if number == 0:
        return VersionText(number=0, text=office.policy.source.installed[known(file)])
    async with office.sessions() as session:
        for record in await _versions(session, known(file)):
            if record.number == number:
                return VersionText(number=number, text=record.text)
    raise NotFound(f"{file} has no version {number}")


async def proposal(office: Office, username: str, proposal_id: int) -> ProposalView:
    """An open one with what it would do now. Raises NotAllowed or NotFound."""
    check_reads_policy(office.policy, username)
    async with office.sessions() as session:
        record = await session.get(PolicyProposalRecord, proposal_id)
        if record is None:
            raise NotFound("There is no such proposal")
        source = await in_force.source(session, office.policy.source.installed)
        is_open, own = record.state == OPEN, record.proposed_by == username
        changes = is_open and may_change_policy(office.policy, username)
        return ProposalView(
            row=_proposal(record, source.texts, office.policy.people),
            base=in_force.digest_of(record.base),
            base_text=record.base,
            text=record.text,
            checked=await examine(office, session, record.file, record.text) if is_open else None,
            effect=Effect.model_validate(record.effect) if record.effect is not None else None,
            may_decide=changes and not own,
            may_decide_alone=changes and own and may_decide_alone(office.policy, username),
            may_withdraw=changes and own,
        )


async def _versions(session: AsyncSession, file: str) -> Sequence[PolicyVersionRecord]:
    found = await session.scalars(
        select(PolicyVersionRecord).where(PolicyVersionRecord.file == file).order_by(PolicyVersionRecord.number)
    )
    return found.all()


def _row(office: Office, file: str, versions: Iterable[PolicyVersionRecord]) -> FileRow:
    """`versions`: the newest last; those of other files are passed over."""
    own = [record for record in versions if record.file == file]
    return FileRow(
        file=file,
        says=CHANGEABLE[file],
        version=_version(own[-1], office.policy.people) if own else VersionRow(number=0),
        differs=bool(own) and office.policy.source.installed[file] not in {record.text for record in own},
    )


def _version(record: PolicyVersionRecord, people: People) -> VersionRow:
    return VersionRow(
        number=record.number,
        at=record.at,
        by=name_of(record.proposed_by, people),
        why=record.why,
        decided_by=name_of(record.decided_by, people),
        because=record.because,
        alone=record.alone,
    )


def _proposal(record: PolicyProposalRecord, texts: Texts, people: People) -> ProposalRow:
    return ProposalRow(
        id=record.id,
        file=record.file,
        by=name_of(record.proposed_by, people) or "",
        at=record.proposed_at,
        why=record.why,
        state=record.state,
        moved=record.state == OPEN and texts[record.file] != record.base,
        decided_by=name_of(record.decided_by, people),
        decided_at=record.decided_at,
        because=record.because,
    )
