"""The roster and the offers of escalation in memory: two people's week, and whatever a test puts on offer."""

from datetime import UTC, date, datetime, timedelta

from escalation.client import (
    EscalationRefused,
    OwnOffer,
    PersonAsked,
    Roster,
    RosterOfPerson,
    RosterPerson,
    SpanAsked,
)

MONDAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 24, 18, tzinfo=UTC)


class FakeRoster:
    """`entered` and `refused` remember what was asked for; `complaint` is what the rules say to the next change."""

    def __init__(self) -> None:
        self.on_offer: list[OwnOffer] = []
        self.refused: list[tuple[str, str]] = []
        self.entered: list[PersonAsked | SpanAsked | int] = []
        self.complaint = ""

    async def offers(self, person: str) -> list[OwnOffer]:
        self._answer()
        return list(self.on_offer)

    async def refuse(self, person: str, reference: str, reason: str) -> None:
        self._answer()
        if not reason:
            raise EscalationRefused(400, "to refuse needs a reason")
        if reference not in [offer.reference for offer in self.on_offer]:
            raise EscalationRefused(409, f"{reference} is not on offer to you any more")
        self.refused.append((reference, reason))
        self.on_offer = [offer for offer in self.on_offer if offer.reference != reference]

    async def roster(self, person: str, day: date | None = None) -> Roster:
        self._answer()
        monday = (day or MONDAY) - timedelta(days=(day or MONDAY).weekday())
        return Roster(week_of=monday, people=(dana(monday), omar(monday)))

    async def roster_of(self, person: str, username: str) -> RosterOfPerson:
        self._answer()
        people = {"dana": dana(MONDAY), "omar": omar(MONDAY)}
        if username not in people:
            raise EscalationRefused(404, f"{username} is not in people.yml")
        shown = {
            "person": people[username],
            "spans": [
                {
                    **{"id": 7, "kind": "absence", "begins_at": NIGHT, "ends_at": NIGHT + timedelta(days=2)},
                    **{"substitute": "omar", "why": "Training", "added_by": "sue", "added_at": NIGHT},
                }
            ],
            "history": [{"at": NIGHT, "who": "Sue Lindqvist", "what": "absence added: 24 Nov 18:00 to 26 Nov 18:00"}],
            "colleagues": [("dana", "Dana Whitfield"), ("omar", "Omar Reyes"), ("sue", "Sue Lindqvist")],
            "skills": ["fibre", "fraud"],
        }
        return RosterOfPerson.model_validate(shown)

    async def change_roster(self, person: str, username: str, asked: PersonAsked) -> None:
        self._enter(asked)

    async def add_span(self, person: str, username: str, asked: SpanAsked) -> None:
        self._enter(asked)

    async def remove_span(self, person: str, username: str, span_id: int) -> None:
        self._enter(span_id)

    def _enter(self, asked: PersonAsked | SpanAsked | int) -> None:
        self._answer()
        if self.complaint:
            raise EscalationRefused(404 if isinstance(asked, int) else 400, self.complaint)
        self.entered.append(asked)

    def _answer(self) -> None: ...


def offer(reference: str, *, left_s: int = 95) -> OwnOffer:
    due_at = datetime.now(UTC) + timedelta(seconds=left_s)
    return OwnOffer(
        reference=reference,
        problem="Internet really slow every evening",
        category="broadband-slow",
        priority="P2",
        tier=1,
        live=True,
        due_at=due_at,
        version=1,
    )


def dana(monday: date) -> RosterPerson:
    """Full, on duty, absent on Wednesday, with an extra shift on Saturday."""
    days = [
        {
            "day": monday + timedelta(days=number),
            "shifts": ["09:00-17:30"] if number < 5 else [],
            "extra": ["10:00-14:00"] if number == 5 else [],
            "absent": {1: ["18:00-24:00"], 2: ["all day"]}.get(number, []),
        }
        for number in range(7)
    ]
    return _person("dana", "Dana Whitfield", 1, days, skills=["fraud"], accepted=7, offered=1, has_shifts=True)


def omar(monday: date) -> RosterPerson:
    days = [{"day": monday + timedelta(days=n), "shifts": [], "extra": [], "absent": []} for n in range(7)]
    return _person("omar", "Omar Reyes", 2, days, substitute="dana", accepted=2)


def _person(username: str, name: str, tier: int, week: list[dict[str, object]], **different: object) -> RosterPerson:
    common = {
        **{"username": username, "name": name, "role": "agent", "tier": tier, "departments": ("fixed-access",)},
        **{"zone": "Europe/London", "skills": (), "maximum": 8, "substitute": "omar", "stands_in": None},
        **{"on_duty": True, "state": "ready", "accepted": 0, "offered": 0, "has_shifts": False, "week": week},
    }
    return RosterPerson.model_validate({**common, **different})
