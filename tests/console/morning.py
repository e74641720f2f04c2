"""Tickets of one morning, for the fake desk: live and quiet, calm and late, every state."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from escalation.client import AuditEntry, Check, ClockView, Note, Signals, Step, TicketDetail, Turn

SPACE = UUID("6f1ad0a1-5c0e-4c2c-9c0b-2f3a54b6c001")
SLOW, CHARGED, DOWN = "FL-48317264", "FL-20951876", "FL-77120349"
HOSTILE = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


def tickets(now: datetime) -> list[TicketDetail]:
    return [slow_broadband(now), charged_twice(now), area_down(now), *(short(now, *line) for line in OTHERS)]


OTHERS: tuple[tuple[str, str, str, int, str, str, str, str | None, int | None, float], ...] = (
    (
        "FL-31870452",
        "held",
        "P2",
        2,
        "provisioning",
        "porting",
        "My number should have moved on Monday, both SIMs are dead",
        "Omar Reyes",
        5400,
        0.3,
    ),
    (
        "FL-66402917",
        "pending",
        "P3",
        1,
        "billing",
        "payment",
        "Direct debit was rejected though there is money in the account",
        "Dana Whitfield",
        None,
        0.8,
    ),
    (
        "FL-90213558",
        "acknowledged",
        "P3",
        1,
        "frontline",
        "sim",
        "SIM card not accepted since the update last night",
        None,
        9900,
        0.7,
    ),
    (
        "FL-15527740",
        "resolved",
        "P3",
        1,
        "frontline",
        "wifi",
        "Wi-Fi keeps dropping in the loft office",
        "Dana Whitfield",
        None,
        0.6,
    ),
    (
        "FL-83094421",
        "inProgress",
        "P4",
        1,
        "frontline",
        "loyalty",
        "Points from the upgrade in October are missing",
        "Dana Whitfield",
        180000,
        0.7,
    ),
    (
        "FL-57731908",
        "acknowledged",
        "P4",
        1,
        "billing",
        "bill-understand",
        "What is the one-off charge called administration?",
        None,
        214000,
        0.85,
    ),
    (
        "FL-44218093",
        "acknowledged",
        "P3",
        2,
        "radio",
        "mobile-signal",
        "No signal indoors since they changed the mast on Hill Road",
        None,
        30600,
        0.55,
    ),
)


def short(
    now: datetime,
    reference: str,
    status: str,
    priority: str,
    tier: int,
    department: str,
    category: str,
    problem: str,
    assignee: str | None,
    left_s: int | None,
    left_share: float,
) -> TicketDetail:
    signals = Signals(category=category, reason="not_helped", problem=problem)
    return _ticket(
        now,
        reference,
        status=status,
        priority=priority,
        tier=tier,
        department=department,
        signals=signals,
        assignee=assignee,
        left_s=left_s,
        left_share=left_share,
        turns=[_turn(now, reference, 1, "customer", problem, 40)],
    )


def slow_broadband(now: datetime) -> TicketDetail:
    """A live chat whose customer wants a person after the steps did not help."""
    article = {"article": "broadband-slow-evening", "title": "My internet is slow", "confidence": 0.91}
    steps = {"flow": "broadband-slow", "step": "wired_speed"}
    said: list[tuple[Any, ...]] = [
        (
            "bot",
            "Hello, I am Larkfield's automated assistant. Tell me what is wrong, or ask for a person.",
            {},
            ("A person, please",),
        ),
        ("customer", "my internet is really slow tonight, my daughter cannot even join her class", {}, ()),
        (
            "bot",
            "Slow evenings are often the Wi-Fi and not the line. Shall we find out together, in four minutes?",
            article,
            ("Yes, let's check", "Something else"),
        ),
        ("customer", "Yes, let's check", {}, ()),
        (
            "bot",
            "Connect one device to the router by cable and run a speed test. What does it say?",
            steps,
            ("Under 10", "10 to 30", "Over 30"),
        ),
        ("customer", "Under 10", {}, ()),
        (
            "bot",
            "That is well below your plan. Unplug the router for 30 seconds, plug it in. Any better now?",
            {"flow": "broadband-slow", "step": "restart_router"},
            ("Better", "No change"),
        ),
        ("customer", "no change. I have done this three times this week!! I want a person", {}, ()),
        ("system", "Ticket FL-48317264 opened. A person joins this chat; you are first in the queue.", {}, ()),
        ("customer", HOSTILE + " is what my router page shows, can you see anything?", {}, ()),
    ]
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
    return _ticket(
        now,
        SLOW,
        signals=signals,
        priority="P2",
        tier=1,
        department="fixed-access",
        left_s=1380,
        left_share=0.23,
        unread=2,
        because=("Medium impact: several people, a gold customer", "High urgency: degraded, repeated contact"),
        turns=[
            _turn(now, SLOW, number, author, text, 12 - number, about, choices)
            for number, (author, text, about, choices) in enumerate(said)
        ],
    )


def charged_twice(now: datetime) -> TicketDetail:
    """A phone call about a bill; Dana works on it, with notes of both kinds."""
    said: list[tuple[Any, ...]] = [
        ("bot", "This is Larkfield's automated assistant. Tell me what you need, or press 0 for a person.", {}, ()),
        ("customer", "I was charged twice this month", {"recognition": 0.88}, ()),
        (
            "bot",
            "I'm sorry. A person from billing has to look at that. What number can we call you back on?",
            {"article": "bill-charged-twice", "title": "Charged twice", "confidence": 0.94},
            (),
        ),
        ("customer", "oh seven seven double oh, nine double oh, one seven one", {"recognition": 0.61}, ()),
    ]
    signals = Signals(
        category="bill-dispute",
        reason="article",
        problem="I was charged twice this month",
        since="The bill of 14 November",
        reachable="+447700900171",
        revenue_at_risk=True,
    )
    notes = [
        Note(
            author="Dana Whitfield",
            at=now - timedelta(minutes=22),
            text="Two direct debits of 42.50 on the 14th, same mandate: the re-run of the bill run?",
            public=False,
        ),
        Note(
            author="Dana Whitfield",
            at=now - timedelta(minutes=20),
            text="We can see both payments and are checking. You will hear from us today.",
            public=True,
        ),
    ]
    return _ticket(
        now,
        CHARGED,
        signals=signals,
        status="inProgress",
        priority="P3",
        tier=1,
        department="billing",
        channel="voice",
        assignee="Dana Whitfield",
        left_s=-720,
        left_share=0.0,
        notes=notes,
        turns=[
            _turn(now, CHARGED, number, author, text, 60 - number, about, choices)
            for number, (author, text, about, choices) in enumerate(said)
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
    return _ticket(
        now,
        DOWN,
        signals=signals,
        priority="P1",
        tier=3,
        department="core",
        channel="voice",
        left_s=540,
        left_share=0.6,
        unread=1,
        turns=[_turn(now, DOWN, 1, "customer", signals.problem, 6)],
    )


def _turn(
    now: datetime,
    reference: str,
    number: int,
    author: Any,
    text: str,
    minutes_ago: int,
    about: Any = None,
    choices: tuple[str, ...] = (),
) -> Turn:
    return Turn(
        contact_id=uuid5(SPACE, reference),
        turn_id=f"turn-{number}",
        author=author,
        text=text,
        at=now - timedelta(minutes=minutes_ago),
        about=about or {},
        choices=choices,
    )


def _ticket(now: datetime, reference: str, *, signals: Signals, turns: list[Turn], **fields: Any) -> TicketDetail:
    """A ticket with what most have in common; `fields` says what is different."""
    left_s: int | None = fields.get("left_s", 3600)
    share = fields.setdefault("left_share", 0.5)
    due_at = None if left_s is None else now + timedelta(seconds=left_s)
    opened_at = now - timedelta(minutes=75)
    resolve = ClockView(
        name="resolve", due_at=due_at, state="paused" if due_at is None else "running", share=1.1 - share
    )
    respond = ClockView(name="respond", due_at=opened_at + timedelta(hours=1), state="met", share=0.2)
    common: dict[str, Any] = {
        "ticket_id": uuid5(SPACE, "ticket" + reference),
        "reference": reference,
        "status": "acknowledged",
        "category": signals.category,
        "respond_by": None,
        "resolve_by": due_at,
        "created_at": opened_at,
        "updated_at": now,
        "agent_name": fields.get("assignee"),
        "last_public_note": None,
        "problem": signals.problem[:160],
        "channel": "chat",
        "live": signals.live,
        "left_s": left_s,
        "assignee": None,
        "unread": 0,
        "version": 1,
        "contact_id": turns[0].contact_id,
        "signals": signals,
        "because": (),
        "turns": turns,
        "notes": [],
        "audit": [AuditEntry(at=opened_at, who="Firstline", what="Opened", why="")],
        "clocks": [respond, resolve],
        "moves": [],
        "next_contact": "Omar Reyes, level 2",
    }
    return TicketDetail.model_validate({**common, **fields})
