"""Quality checks of escalation in memory: one conversation to score, one that Sue has scored."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from escalation.client import EscalationRefused, QualityOverview, Review, ScoreAsked, SubjectHistory

MONDAY = date(2026, 11, 16)
ENDED = datetime(2026, 11, 18, 15, 4, tzinfo=UTC)
CONTACT = UUID("2f1f7a52-0000-4000-8000-000000000001")
CRITERIA: tuple[dict[str, Any], ...] = (
    {"key": "right", "name": "Right and complete", "asks": "What was said is true.", "weight": 60, "optional": False},
    {"key": "safe", "name": "Protected the data", "asks": "Nothing is told too early.", "weight": 40, "optional": True},
)
TALK = (
    ("customer", "I was charged twice <script>document.title='broken in'</script>"),
    ("bot", "I can see **two payments** on the 14th. I pass this on."),
    ("agent", "Hello, the second payment goes back to your card today."),
    ("customer", "Thank you!"),
)


class FakeQuality:
    """`given` remembers the scores; `unwilling` is what the rules say to the next one."""

    def __init__(self) -> None:
        self.given: list[tuple[int, ScoreAsked]] = []
        self.unwilling: EscalationRefused | None = None

    async def quality(self, person: str) -> QualityOverview:
        self._answer()
        leads = person == "sue"
        return QualityOverview.model_validate(
            {
                "may_score": leads,
                "waiting": (row(1),) if leads else (),
                "scored": (row(2),),
                "history": [history("bot", "Assistant"), history("dana", "Dana Whitfield")][0 if leads else 1 :],
                "draws": [
                    {
                        **{"week": MONDAY, "seed": "9f" * 16, "drawn_at": ENDED + timedelta(days=5)},
                        "population": [("Assistant", 214), ("Dana Whitfield", 31)],
                    }
                ]
                if leads
                else [],
            }
        )

    async def review(self, person: str, review_id: int) -> Review:
        self._answer()
        if review_id not in (1, 2) or (review_id == 1 and person != "sue"):
            raise EscalationRefused(404, "no such review")
        marks = {"right": {"mark": 4, "comment": "The reason was missing."}} if review_id == 2 else {}
        turns = [
            {"contact_id": CONTACT, "turn_id": str(number), "author": author, "text": text, "at": ENDED}
            for number, (author, text) in enumerate(TALK)
        ]
        return Review.model_validate(
            {
                "row": row(review_id),
                "turns": turns,
                "notes": [{"author": "Dana Whitfield", "at": ENDED, "text": "Finance confirms.", "public": False}],
                "references": ("FL-20951876",),
                "criteria": [{**criterion, **marks.get(criterion["key"], {})} for criterion in CRITERIA],
                "least": 1,
                "most": 5,
                "comment": "Kind and quick." if review_id == 2 else "",
                "may_score": review_id == 1,
                "masked": False,
            }
        )

    async def score_review(self, person: str, review_id: int, asked: ScoreAsked) -> None:
        self._answer()
        if self.unwilling is not None:
            raise self.unwilling
        self.given.append((review_id, asked))

    def _answer(self) -> None:
        raise NotImplementedError


def row(review_id: int) -> dict[str, Any]:
    is_scored = review_id == 2
    return {
        **{"id": review_id, "week": MONDAY, "subject": "dana", "subject_name": "Dana Whitfield", "channel": "chat"},
        "ended_at": ENDED,
        "scored_by": "Sue Lindqvist" if is_scored else None,
        "scored_at": ENDED + timedelta(days=6) if is_scored else None,
        "score_pct": 75.0 if is_scored else None,
    }


def history(subject: str, name: str) -> SubjectHistory:
    scores = (None, 62.5, 70, None, 75, 81, 78, None, 84, 80, 86, 88.5, None)
    weeks = [
        {"week": MONDAY - timedelta(weeks=12 - number), "score_pct": score, "count": 0 if score is None else 3}
        for number, score in enumerate(scores)
    ]
    criteria = [
        {"criterion": criterion["key"], "name": criterion["name"], "score_pct": 71.5 + 9 * number, "count": 27}
        for number, criterion in enumerate(CRITERIA)
    ]
    return SubjectHistory.model_validate(
        {
            **{"subject": subject, "name": name, "score_pct": 78.3, "scored": 27, "waiting": 1},
            **{"weeks": weeks, "criteria": criteria},
        }
    )
