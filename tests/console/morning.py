"""Tickets of one morning, for the fake desk: live and quiet, calm and late, every state. Their words: morning.yml."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from escalation.client import AuditEntry, Check, ClockView, Note, Signals, Step, TicketDetail, Turn

SPACE = UUID("6f1ad0a1-5c0e-4c2c-9c0b-2f3a54b6c001")
SLOW, CHARGED, DOWN = "FL-48317264", "FL-20951876", "FL-77120349"
TOLD = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


def tickets(now: datetime) -> list[TicketDetail]:
    return [slow_broadband(now), charged_twice(now), area_down(now), *(quiet(now, **line) for line in TOLD["quiet"])]


def slow_broadband(now: datetime) -> TicketDetail:
    """A live chat whose customer wants a person after the steps did not help, and pastes markup."""
    signals = Signals(
        category="broadband-slow",
        reason="not_helped",
        problem="Internet really slow every evening, daughter cannot join her class",
        since="Monday evening",
        affected="several",
        service="degraded",
        live=True,
        reachable="07700 900142",
        customer_id="C-1004",
        segment="gold",
        repeat_contacts=2,
        steps=(
            Step(flow="broadband-slow", step="wired_speed", result="Under 10"),
            Step(flow="broadband-slow", step="restart_router", result="No change"),
        ),
        checks=(
            Check(name="account", result="ok", at=now - timedelta(minutes=6)),
            Check(name="outage", result="ok", at=now - timedelta(minutes=6)),
            Check(name="line_test", result="fault", at=now - timedelta(minutes=5)),
        ),
        articles=("broadband-slow-evening",),
    )
    return ticket(
        now,
        SLOW,
        signals=signals,
        turns=turns(now, SLOW, TOLD["slow_broadband"], began_min_ago=12),
        priority="P2",
        department="fixed-access",
        left_s=1380,
        left_share=0.23,
        unread=2,
        because=("Impact medium: several people, a gold customer.", "Urgency high: third contact about this."),
    )


def charged_twice(now: datetime) -> TicketDetail:
    """A phone call about a bill; Dana works on it, late, with notes of both kinds."""
    signals = Signals(
        category="bill-dispute",
        reason="article",
        problem="I was charged twice this month",
        since="The bill of 14 November",
        reachable="+447700900171",
        revenue_at_risk=True,
    )
    internal = "Two direct debits of 42.50 on the 14th, same mandate: the re-run of the bill run? Finance is looking."
    public = "We can see both payments and are checking. You will hear from us today."
    return ticket(
        now,
        CHARGED,
        signals=signals,
        turns=turns(now, CHARGED, TOLD["charged_twice"], began_min_ago=60),
        status="inProgress",
        department="billing",
        channel="voice",
        assignee="dana",
        agent_name="Dana Whitfield",
        left_s=-725,
        left_share=0.0,
        notes=[
            Note(author="Dana Whitfield", at=now - timedelta(minutes=22), text=internal, public=False),
            Note(author="Dana Whitfield", at=now - timedelta(minutes=20), text=public, public=True),
        ],
    )


def area_down(now: datetime) -> TicketDetail:
    signals = Signals(
        category="outage",
        reason="safety",
        problem="Whole village without broadband and landline, the care home cannot make emergency calls",
        affected="many",
        service="down",
        safety=True,
        live=True,
        segment="corporate",
        vulnerable=True,
    )
    said = turns(now, DOWN, [{"author": "customer", "text": signals.problem}], began_min_ago=6)
    return ticket(
        now,
        DOWN,
        signals=signals,
        turns=said,
        priority="P1",
        tier=3,
        department="core",
        channel="voice",
        left_s=545,
        left_share=0.6,
        unread=1,
    )


def quiet(now: datetime, *, reference: str, category: str, problem: str, **fields: Any) -> TicketDetail:
    """A ticket nobody waits on at the other end."""
    signals = Signals(category=category, reason="not_helped", problem=problem)
    said = turns(now, reference, [{"author": "customer", "text": problem}], began_min_ago=40)
    return ticket(now, reference, signals=signals, turns=said, **fields)


def turns(now: datetime, reference: str, told: list[dict[str, Any]], *, began_min_ago: int) -> list[Turn]:
    """One a minute."""
    return [
        Turn(
            contact_id=uuid5(SPACE, reference),
            turn_id=f"turn-{number}",
            at=now - timedelta(minutes=began_min_ago - number),
            **said,
        )
        for number, said in enumerate(told)
    ]


def ticket(now: datetime, reference: str, *, signals: Signals, turns: list[Turn], **fields: Any) -> TicketDetail:
    """A ticket with what most have in common; `fields` says what is different."""
    left_s: int | None = fields.setdefault("left_s", 3600)
    share = fields.setdefault("left_share", 0.5)
    due_at = fields["next_due_at"] = None if left_s is None else now + timedelta(seconds=left_s)
    opened_at = now - timedelta(minutes=75)
    state = "paused" if due_at is None else "running"
    common: dict[str, Any] = {
        "ticket_id": uuid5(SPACE, "ticket" + reference),
        "reference": reference,
        "status": "acknowledged",
        "priority": "P3",
        "tier": 1,
        "category": signals.category,
        "respond_by": None,
        "resolve_by": due_at,
        "created_at": opened_at,
        "updated_at": now,
        "agent_name": None,
        "last_public_note": None,
        "problem": signals.problem[:160],
        "channel": "chat",
        "live": signals.live,
        "assignee": None,
        "unread": 0,
        "version": 1,
        "contact_id": turns[0].contact_id,
        "signals": signals,
        "because": (),
        "turns": turns,
        "notes": [],
        "audit": [AuditEntry(at=opened_at, who="Firstline", what="Opened", why="")],
        "clocks": [
            ClockView(name="respond", due_at=opened_at + timedelta(hours=1), state="met", share=0.2),
            ClockView(name="resolve", due_at=due_at, state=state, share=1 - share if share else 1.1),
        ],
        "moves": [],
        "next_contact": "Omar Reyes, level 2",
    }
    return TicketDetail.model_validate({**common, **fields})
