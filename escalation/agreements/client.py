"""The part of the door that reads agreements, and what missed targets cost."""

from urllib.parse import quote

from escalation.agreements.wire import AgreementList, AgreementPaper, AgreementRow, PenaltyReport
from escalation.link import Link

REFUSALS = frozenset({400, 403, 404, 422})


class AgreementsClient:
    """For supervisors, auditors and administrators; EscalationRefused(403) for everybody else."""

    _link: Link

    async def agreements(self, person: str) -> tuple[AgreementRow, ...]:
        reply = await self._link.request("GET", "/escalation/v1/agreements", person=person, refusals=REFUSALS)
        return AgreementList.model_validate_json(reply.content).agreements

    async def agreement(self, person: str, agreement_id: str, version: int | None = None) -> AgreementPaper:
        """The version that holds now unless one is named. EscalationRefused(404) when there is none."""
        path = f"/escalation/v1/agreements/{quote(agreement_id, safe='')}"
        params = {"version": version} if version is not None else {}
        reply = await self._link.request("GET", path, person=person, params=params, refusals=REFUSALS)
        return AgreementPaper.model_validate_json(reply.content)

    async def penalties(self, person: str, month: str) -> PenaltyReport:
        """Of targets missed in the month, like 2026-11, reckoned up to now. EscalationRefused(400) for no month."""
        reply = await self._link.request(
            "GET", "/escalation/v1/penalties", person=person, params={"month": month}, refusals=REFUSALS
        )
        return PenaltyReport.model_validate_json(reply.content)
