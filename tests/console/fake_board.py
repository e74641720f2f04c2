"""A board and a live wall in memory, added up by the real rules out of days that are invented once."""

import random
from datetime import UTC, datetime, timedelta

from escalation.client import (
    AgentRow,
    Behind,
    Board,
    BoardAsked,
    EscalationRefused,
    Figure,
    Funnel,
    FunnelAsked,
    Left,
    RiskRow,
    Sample,
    WaitingRow,
    Wall,
)
from escalation.indicators.catalogue import BY_KEY, INDICATORS
from escalation.indicators.figures import DaySum, figure_of
from escalation.indicators.indicator import Indicator

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
UNMEASURED = "callbacks_in_time"
ATTACK = '=cmd|" /C calc"!A1 <script>document.title="broken in"</script>'

# What a day is like, and the target.
DAYS = {
    "answered_in_time": (0.78, 80),
    "speed_of_answer": (24, 20),
    "abandoned": (0.06, 5),
    "responded_in_time": (0.96, 95),
    "solved_in_time": (0.91, 90),
    "breaches": (3, 0),
    "handling_time": (455, 480),
    "time_to_hand_over": (205, 180),
    "backlog": (130, None),
    "moves_per_ticket": (0.4, 0.5),
    "tickets_per_hour": (2.7, None),
    "time_in_menu": (22, 30),
    "satisfaction": (4.3, 4.2),
    "solved_first_time": (0.72, 75),
    "reopened": (0.04, 5),
    "misrouted": (0.06, 5),
    "complaint_time": (150_000, 172_800),
    "contained": (0.58, 50),
    "stayed_away": (0.44, 40),
    "confirmed": (0.27, 25),
    "wrongly_contained": (0.03, 2),
    "not_understood": (0.13, 15),
}


def board(asked: BoardAsked) -> Board:
    figures = tuple(figure(indicator, asked) for indicator in INDICATORS)
    return Board(asked=asked, until=NOW, topics=("wifi", "bill-dispute"), figures=figures)


def figure(indicator: Indicator, asked: BoardAsked) -> Figure:
    return figure_of(
        indicator,
        _sums(indicator, asked),
        asked=asked,
        until=NOW,
        target=DAYS.get(indicator.key, (0, None))[1],
        definition=indicator.definition.format(answer_within="20 seconds", comes_back="7 days"),
    )


def behind(key: str, asked: BoardAsked, limit: int) -> Behind:
    if key not in BY_KEY:
        raise EscalationRefused(404, "no such indicator")
    samples = [
        Sample(
            at=NOW - timedelta(minutes=7 * number),
            value=0.0,
            reference=None if number == 2 else f"FL-4831726{number}",
            contact_id="2f1f7a52-0000-4000-8000-000000000000",
            channel="chat" if number % 2 else "voice",
            tier=1,
            topic="wifi",
            priority="P3",
            words=ATTACK if number == 1 else "my Wi-Fi is slow upstairs",
        )
        for number in range(4)
    ]
    return Behind(figure=figure(BY_KEY[key], asked), samples=tuple(samples[:limit]), has_more=False)


def wall() -> Wall:
    waiting = WaitingRow(
        reference="FL-48317264", channel="chat", priority="P2", tier=2, waits_since=NOW - timedelta(seconds=48)
    )
    late = RiskRow(
        reference="FL-90000003", priority="P1", tier=3, due_at=NOW - timedelta(minutes=12), agent_name="Omar Reyes"
    )
    near = late.model_copy(update={"reference": "FL-90000004", "priority": "P3", "due_at": NOW + timedelta(minutes=23)})
    return Wall(
        at=NOW,
        chats=14,
        calls=3,
        with_person=4,
        waiting=(waiting,),
        waiting_count=1,
        at_risk=(late, near),
        at_risk_count=2,
        agents=(
            AgentRow(name="Dana Whitfield", tier=1, state="talking", since=NOW - timedelta(minutes=4)),
            AgentRow(name="Omar Reyes", tier=2, state="wrap_up", since=NOW - timedelta(seconds=40)),
            AgentRow(name="Bea Novak", tier=1, state="ready", since=NOW - timedelta(minutes=2)),
            AgentRow(name="Sue Lindqvist", tier=3, state=None, since=None),
        ),
    )


def _sums(indicator: Indicator, asked: BoardAsked) -> list[DaySum]:
    if indicator.key not in DAYS:
        return []
    chance = random.Random(indicator.number)
    mean = DAYS[indicator.key][0]
    sums = []
    for days_ago in range(asked.read_days):
        value = mean * chance.uniform(0.85, 1.15) * (1 + days_ago / 200)
        count = chance.randint(40, 60)
        if indicator.shows_tiers:
            for tier, share in ((1, 0.6), (2, 0.3), (3, 0.1)):
                sums.append(DaySum(days_ago, tier, round(value * share), round(value * share) * 90_000.0, count))
        elif indicator.unit == "percent":
            sums.append(DaySum(days_ago, 1, min(value, 1.0) * count, count, count))
        else:
            sums.append(DaySum(days_ago, 1, value * count, count, count))
    return sums


def funnel(asked: FunnelAsked) -> Funnel:
    """Nobody called on the phone."""
    if asked.channel == "voice":
        none = dict.fromkeys(
            ("ended", "said_something", "answered", "without_person", "confirmed", "handed_over", "wanted_person"), 0
        )
        return Funnel(asked=asked, until=NOW, **none, stayed_away_pct=None, left=(), left_elsewhere=0)
    return Funnel(
        asked=asked,
        until=NOW,
        ended=1480,
        said_something=1310,
        answered=1105,
        without_person=870,
        confirmed=402,
        handed_over=360,
        wanted_person=41,
        stayed_away_pct=81.4,
        left=(
            Left(channel="voice", place="menu", of="main", count=96),
            Left(channel="chat", place="start", count=51),
            Left(channel="chat", place="step", of="wifi-slow", step="move-closer", count=23),
            Left(channel="voice", place="article", of="esim-what-is", count=9),
            Left(channel="voice", place="question", count=7),
        ),
        left_elsewhere=25,
    )
