"""Quality checks at the desk: drawn by the watch, scored by supervisors, seen by who was scored."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from escalation import reception
from escalation.errors import Conflict, Incomplete, NotAllowed, NotFound
from escalation.policy import FOLDER, PolicyError
from escalation.policy.reading import read as read_file
from escalation.quality import history, reviews, sampling
from escalation.quality.draw import draw
from escalation.quality.quality_file import BOT, QualityFile
from escalation.quality.quality_records import DrawRecord, ReviewRecord
from escalation.quality.quality_wire import MarkAsked, ScoreAsked
from escalation.read_record import ReadRecord
from tests.escalation.shift import Shift

SUPERVISOR, AGENT, AUDITOR = "sam.okoye", "amira.khan", "agnes.hall"
SAID = "My name is Jo Smith, call me on 07700 900142"


async def served(shift: Shift, agent: str = AGENT, *, ends: bool = True) -> None:
    """A conversation that somebody answered."""
    contact_id = await shift.contact()
    await shift.says(contact_id, SAID)
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act(agent, reference, "accept")
    await shift.act(agent, reference, "reply", text="Hello, I will look.")
    if ends:
        await reception.finish_contact(shift.office, contact_id, "unconfirmed")


def full(shift: Shift, subject: str, mark: int = 4) -> ScoreAsked:
    marks = {key: MarkAsked(mark=mark) for key in shift.office.policy.quality.form(subject)}
    return ScoreAsked(marks=marks, comment="Tell Jo Smith why.")


async def of(shift: Shift, subject: str) -> list[ReviewRecord]:
    async with shift.office.sessions() as session:
        found = select(ReviewRecord).where(ReviewRecord.subject == subject).order_by(ReviewRecord.id)
        return list(await session.scalars(found))


async def test_a_week_is_drawn_once_by_two_watches_and_can_be_drawn_again(shift: Shift) -> None:
    for _ in range(5):
        await served(shift)
    await served(shift, SUPERVISOR)
    await served(shift, ends=False)
    assert await sampling.draw_due(shift.office) == 0  # the week goes on
    shift.watch.advance(days=7)

    drawn = await asyncio.gather(sampling.draw_due(shift.office), sampling.draw_due(shift.office))

    assert sorted(drawn) == [0, 10]  # 3 of 5 of the agent's, 1 of the supervisor's, 6 of the assistant's
    async with shift.office.sessions() as session:
        record = (await session.scalars(select(DrawRecord).order_by(DrawRecord.week.desc()))).first()
    assert record is not None
    assert record.population == [[AGENT, 5], [BOT, 6], [SUPERVISOR, 1]]
    mine = [review.contact_id for review in await of(shift, AGENT)]
    every = [review.contact_id for review in await of(shift, BOT)]
    served_by_agent = set(every) - {review.contact_id for review in await of(shift, SUPERVISOR)}
    assert mine == draw(record.seed, AGENT, served_by_agent, 3)


async def test_a_score_is_seen_by_who_was_scored_and_adds_up(shift: Shift) -> None:
    await served(shift)
    shift.watch.advance(days=7)
    await sampling.draw_due(shift.office)
    (mine,), (bots,) = await of(shift, AGENT), await of(shift, BOT)
    with pytest.raises(NotFound):
        await reviews.read(shift.office, AGENT, mine.id)

    await reviews.give(shift.office, SUPERVISOR, mine.id, full(shift, AGENT))

    seen = await reviews.read(shift.office, AGENT, mine.id)
    own, all_of_it = [await history.overview(shift.office, name) for name in (AGENT, SUPERVISOR)]
    assert (seen.row.score_pct, seen.comment, {entry.mark for entry in seen.criteria}) == (
        75.0,
        "Tell Jo Smith why.",
        {4},
    )
    assert [(one.name, one.score_pct, one.scored, one.waiting) for one in own.history] == [("Amira Khan", 75.0, 1, 0)]
    assert {entry.score_pct for entry in own.history[0].criteria} == {75.0}
    assert [week.count for week in own.history[0].weeks] == [0] * 11 + [1]
    assert [row.id for row in all_of_it.waiting] == [bots.id]
    with pytest.raises(NotFound):
        await reviews.read(shift.office, AGENT, bots.id)


async def test_nobody_scores_their_own_or_twice_or_half(shift: Shift) -> None:
    await served(shift, SUPERVISOR)
    await served(shift)
    shift.watch.advance(days=7)
    await sampling.draw_due(shift.office)
    (own,), (mine,) = await of(shift, SUPERVISOR), await of(shift, AGENT)

    with pytest.raises(NotFound):
        await reviews.give(shift.office, SUPERVISOR, own.id, full(shift, SUPERVISOR))
    with pytest.raises(NotAllowed):
        await reviews.give(shift.office, AGENT, mine.id, full(shift, AGENT))
    with pytest.raises(Incomplete, match="needs a mark"):
        await reviews.give(shift.office, SUPERVISOR, mine.id, ScoreAsked(marks={}))
    await reviews.give(shift.office, SUPERVISOR, mine.id, full(shift, AGENT))
    with pytest.raises(Conflict, match="Sam Okoye has scored"):
        await reviews.give(shift.office, SUPERVISOR, mine.id, full(shift, AGENT, 1))


async def test_a_transcript_is_masked_as_the_role_says_and_reading_it_is_recorded(shift: Shift) -> None:
    await served(shift)
    shift.watch.advance(days=7)
    await sampling.draw_due(shift.office)
    (mine,) = await of(shift, AGENT)

    plain, masked = [await reviews.read(shift.office, name, mine.id) for name in (SUPERVISOR, AUDITOR)]

    assert SAID in [turn.text for turn in plain.turns]
    assert "Smith" not in masked.model_dump_json()
    assert "900142" not in masked.model_dump_json()
    assert (masked.masked, masked.may_score) == (True, False)
    async with shift.office.sessions() as session:
        read = await session.scalars(select(ReadRecord).where(ReadRecord.what == "quality").order_by(ReadRecord.id))
        assert [(entry.reader, entry.contacts, entry.masked) for entry in read] == [
            (SUPERVISOR, [mine.contact_id], False),
            (AUDITOR, [mine.contact_id], True),
        ]


async def test_a_form_that_changed_leaves_what_was_scored_as_it_was(shift: Shift) -> None:
    await served(shift)
    shift.watch.advance(days=7)
    await sampling.draw_due(shift.office)
    (mine,) = await of(shift, AGENT)
    await reviews.give(shift.office, SUPERVISOR, mine.id, full(shift, AGENT))
    quality = shift.office.policy.quality
    fewer = quality.model_copy(update={"criteria": {"right": quality.criteria["right"]}})

    changed = replace(shift.office, policy=replace(shift.office.policy, quality=fewer))

    found = await reviews.read(changed, AGENT, mine.id)
    assert {entry.key for entry in found.criteria} == set(quality.form(AGENT))


def test_a_wrong_form_is_told_with_its_file_and_line() -> None:
    good = (FOLDER / "quality.yml").read_text(encoding="utf-8")
    line = good[: good.index("weight: 30")].count("\n") + 1

    with pytest.raises(PolicyError, match=rf"quality\.yml:{line}: criteria\.right\.weight"):
        read_file({"quality.yml": good.replace("weight: 30", "weight: -1")}, "quality.yml", QualityFile)
