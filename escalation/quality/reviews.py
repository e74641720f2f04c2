"""Reviews: which exist for whom, read with their conversation, and scored."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import reading
from escalation.errors import Conflict, NotAllowed, NotFound
from escalation.office import Office
from escalation.policy import Policy
from escalation.quality import score
from escalation.quality.quality_file import BOT
from escalation.quality.quality_records import MarkRecord, ReviewRecord
from escalation.quality.quality_wire import Criterion, Review, ReviewRow, ScoreAsked
from escalation.reading import Read, What
from escalation.records import ContactRecord, NoteRecord, TicketRecord
from escalation.shown import conversation
from escalation.sight import one_of_us, role_of
from escalation.store import turns_of
from escalation.views import name_of, note_view, turn_view

ASSISTANT = "Assistant"


def exists_for(policy: Policy, username: str) -> ColumnElement[bool]:
    """For those who lead, all but their own that wait; for who is looked at, what was scored; for auditors, all.

    Raises NotAllowed for nobody of ours.
    """
    role = role_of(one_of_us(policy.people, username))
    own_result = (ReviewRecord.subject == username) & ReviewRecord.scored_at.is_not(None)
    if role.leads:
        return (ReviewRecord.subject != username) | own_result
    return true() if role.reads else own_result


async def found(
    session: AsyncSession,
    policy: Policy,
    username: str,
    *which: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    most: int,
) -> list[ReviewRow]:
    query = (
        select(ReviewRecord, ContactRecord)
        .join(ContactRecord, ContactRecord.id == ReviewRecord.contact_id)
        .where(exists_for(policy, username), *which)
        .order_by(*order)
        .limit(most)
    )
    return [row_of(review, contact, policy) for review, contact in (await session.execute(query)).all()]


async def read(office: Office, username: str, review_id: int) -> Review:
    """The conversation as the reader's role may see it; that it was read is recorded. Raises NotAllowed or NotFound."""
    policy = office.policy
    async with office.sessions.begin() as session:
        review, contact = await _one(session, policy, username, review_id)
        role = role_of(policy.people[username])
        tickets = list(
            await session.scalars(
                select(TicketRecord)
                .where(TicketRecord.contact_id == contact.id, TicketRecord.deleted_at.is_(None))
                .order_by(TicketRecord.created_at)
            )
        )
        of_these = NoteRecord.ticket_id.in_([ticket.id for ticket in tickets])
        notes = await session.scalars(select(NoteRecord).where(of_these).order_by(NoteRecord.id))
        known = [contact.caller, *(value for ticket in tickets for value in (ticket.reachable, ticket.customer_id))]
        turns, shown_notes = conversation(
            [turn_view(turn) for turn in await turns_of(session, contact.id)],
            [note_view(note, policy.people) for note in notes],
            role,
            policy.masking,
            known=known,
        )
        references = tuple(ticket.reference for ticket in tickets)
        told = Read(
            reader=username,
            what=What.QUALITY,
            tickets=references,
            contacts=[contact.id],
            fields=["turns", "notes"],
            masked=not role.personal,
        )
        await reading.record(office, session, told)
        return Review(
            row=row_of(review, contact, policy),
            turns=tuple(turns),
            notes=tuple(shown_notes),
            references=references,
            criteria=tuple(await _criteria(session, policy, review)),
            least=policy.quality.scale.least,
            most=policy.quality.scale.most,
            comment=review.comment,
            may_score=role.leads and review.scored_at is None,
            masked=not role.personal,
        )


async def give(office: Office, username: str, review_id: int, asked: ScoreAsked) -> None:
    """A score stays as it was given. Raises NotAllowed, NotFound, Conflict or Incomplete; nothing has changed then."""
    policy = office.policy
    if not role_of(one_of_us(policy.people, username)).leads:
        raise NotAllowed("Conversations are scored by supervisors")
    async with office.sessions.begin() as session:
        review, _ = await _one(session, policy, username, review_id, lock=True)
        if review.scored_by is not None:
            raise Conflict(f"{name_of(review.scored_by, policy.people)} has scored this conversation already")
        form, scale = policy.quality.form(review.subject), policy.quality.scale
        marks = {key: given.mark for key, given in asked.marks.items()}
        score.check(marks, form, scale)
        review.score_pct = score.score_pct(marks, form, scale)
        review.scored_by, review.scored_at, review.comment = username, office.now(), asked.comment.strip()
        for key, criterion in form.items():
            mark = marks.get(key)
            session.add(
                MarkRecord(
                    review_id=review.id,
                    criterion=key,
                    name=criterion.name,
                    weight=criterion.weight,
                    mark=mark,
                    share_pct=None if mark is None else score.share_pct(mark, scale),
                    comment=asked.marks[key].comment.strip() if key in asked.marks else "",
                )
            )


def row_of(review: ReviewRecord, contact: ContactRecord, policy: Policy) -> ReviewRow:
    return ReviewRow.model_validate(
        {
            "id": review.id,
            "week": review.week,
            "subject": review.subject,
            "subject_name": subject_name(policy, review.subject),
            "channel": contact.channel,
            "ended_at": contact.ended_at,
            "scored_by": name_of(review.scored_by, policy.people),
            "scored_at": review.scored_at,
            "score_pct": review.score_pct,
        }
    )


def subject_name(policy: Policy, subject: str) -> str:
    return ASSISTANT if subject == BOT else name_of(subject, policy.people) or subject


async def _one(
    session: AsyncSession, policy: Policy, username: str, review_id: int, *, lock: bool = False
) -> tuple[ReviewRecord, ContactRecord]:
    query = (
        select(ReviewRecord, ContactRecord)
        .join(ContactRecord, ContactRecord.id == ReviewRecord.contact_id)
        .where(ReviewRecord.id == review_id, exists_for(policy, username))
    )
    if lock:
        query = query.with_for_update(of=ReviewRecord)
    entry = (await session.execute(query)).one_or_none()
    if entry is None:
        raise NotFound("no such review")
    return entry[0], entry[1]


async def _criteria(session: AsyncSession, policy: Policy, review: ReviewRecord) -> list[Criterion]:
    """The form as it is now, or as it was when it was filled in."""
    form = policy.quality.form(review.subject)
    if review.scored_at is None:
        return [Criterion.model_validate({"key": key, **entry.model_dump()}) for key, entry in form.items()]
    marks = {
        mark.criterion: mark
        for mark in await session.scalars(select(MarkRecord).where(MarkRecord.review_id == review.id))
    }
    order = [key for key in form if key in marks] + sorted(marks.keys() - form.keys())
    return [
        Criterion(
            key=key,
            name=marks[key].name,
            asks=form[key].asks if key in form else "",
            weight=marks[key].weight,
            optional=marks[key].mark is None,
            mark=marks[key].mark,
            comment=marks[key].comment,
        )
        for key in order
    ]
