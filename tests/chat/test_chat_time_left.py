"""Before a silent conversation ends its pages are told in time, once; the customer extends it by a word or a key."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat import ending, session
from chat.session import IDLE_AFTER, WARN_BEFORE, Conversation
from tests.chat.fakes import Visitor, World, a_ticket

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def silent_for(silence: timedelta, **changes: Any) -> Conversation:
    conversation, _ = session.open_conversation(a_ticket().ticket_id, "en", NOW - silence)
    return conversation.model_copy(update={"seen_at": NOW, **changes})


@pytest.mark.parametrize(
    ("silence", "changes", "warns"),
    [
        (IDLE_AFTER - WARN_BEFORE - timedelta(seconds=1), {}, False),
        (IDLE_AFTER - WARN_BEFORE, {}, True),
        (IDLE_AFTER - WARN_BEFORE, {"mode": "waiting"}, False),
        (IDLE_AFTER - WARN_BEFORE, {"mode": "agent"}, False),
        (IDLE_AFTER - WARN_BEFORE, {"ended_at": NOW}, False),
        (IDLE_AFTER - WARN_BEFORE, {"warned_at": NOW - timedelta(seconds=1)}, False),
        (IDLE_AFTER - WARN_BEFORE, {"warned_at": NOW - timedelta(hours=2)}, True),
    ],
)
def test_when_a_customer_is_warned(silence: timedelta, changes: dict[str, Any], warns: bool) -> None:
    assert session.must_warn(silent_for(silence, **changes), NOW) is warns


def test_there_is_more_time_to_answer_than_wcag_asks_for() -> None:
    assert timedelta(seconds=ending.LOOK_S) + timedelta(seconds=20) < WARN_BEFORE


@pytest.fixture
def warns_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LOOK_S", 0.05)
    monkeypatch.setattr(session, "IDLE_AFTER", WARN_BEFORE + timedelta(seconds=0.5))


def is_warning(event: dict[str, Any]) -> bool:
    return event["event"] == "expiring" and event["data"]["ends_at"] is not None


async def stays(visitor: Visitor) -> int:
    url = f"/chat/conversations/{visitor.id}/stay"
    return (await visitor.http.post(url, headers=visitor.headers)).status_code


@pytest.mark.usefixtures("warns_at_once")
async def test_the_warning_comes_once_and_anew_after_the_customer_stayed(visitor: Visitor) -> None:
    first = await visitor.sees(is_warning)

    assert await stays(visitor) == 204
    await visitor.sees(lambda event: event["event"] == "expiring" and event["data"]["ends_at"] is None)
    second = await visitor.sees(is_warning)

    assert second["data"]["ends_at"] > first["data"]["ends_at"]
    assert sum(map(is_warning, visitor.seen)) == 2


@pytest.fixture
def ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LOOK_S", 0.05)
    monkeypatch.setattr(session, "IDLE_AFTER", timedelta(seconds=0.5))


@pytest.mark.usefixtures("ends_at_once")
async def test_an_end_nobody_asked_for_is_told_and_a_word_goes_on(
    visitor: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.sees(lambda event: event["event"] == "expiring" and event["data"]["ended"])
    monkeypatch.setattr(session, "IDLE_AFTER", IDLE_AFTER)
    await visitor.writes("I am back")
    await visitor.hears("You said: I am back")

    assert [outcome for _, outcome in world.trail.finished] == ["dropped"]


async def test_a_stranger_extends_nothing(visitor: Visitor) -> None:
    visitor.headers = {"Authorization": "Bearer wrong"}

    assert await stays(visitor) == 401
