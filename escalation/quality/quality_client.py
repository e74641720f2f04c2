"""The part of the door for quality checks."""

from escalation.board_door import REFUSALS
from escalation.link import Link
from escalation.quality.quality_wire import QualityOverview, Review, ScoreAsked


class QualityClient:
    """Supervisors see and score everybody's but their own; whoever is looked at sees what was scored."""

    _link: Link

    async def quality(self, person: str) -> QualityOverview:
        reply = await self._link.request("GET", "/escalation/v1/quality", person=person, refusals=REFUSALS)
        return QualityOverview.model_validate_json(reply.content)

    async def review(self, person: str, review_id: int) -> Review:
        """EscalationRefused(404): there is no such review for this person."""
        path = f"/escalation/v1/quality/{review_id}"
        reply = await self._link.request("GET", path, person=person, refusals=REFUSALS)
        return Review.model_validate_json(reply.content)

    async def score_review(self, person: str, review_id: int, asked: ScoreAsked) -> None:
        """EscalationRefused: 403 for who is no supervisor, 409 when it has been scored, 400 says what is missing."""
        path = f"/escalation/v1/quality/{review_id}"
        await self._link.post(path, asked.model_dump(mode="json"), person=person, refusals=REFUSALS)
