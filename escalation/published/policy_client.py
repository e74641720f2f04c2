"""The part of the door for policy files: to read, to propose, to decide."""

from urllib.parse import quote

from escalation.board_door import REFUSALS
from escalation.link import Link
from escalation.published.policy_wire import (
    CheckAsked,
    Checked,
    PolicyFile,
    PolicyOverview,
    ProposalView,
    ProposeAsked,
    RebaseAsked,
    Rebased,
    RuleAsked,
    Stored,
    VersionText,
)


class PolicyClient:
    """Read by supervisors, auditors and administrators, changed by the first and the last: EscalationRefused(403) for
    anybody else. 404 for what there is not, 400 says what to write instead, 409 that somebody was faster.
    """

    _link: Link

    async def policies(self, person: str) -> PolicyOverview:
        reply = await self._link.request("GET", "/escalation/v1/policies", person=person, refusals=REFUSALS)
        return PolicyOverview.model_validate_json(reply.content)

    async def policy_file(self, person: str, file: str) -> PolicyFile:
        reply = await self._link.request("GET", _file(file), person=person, refusals=REFUSALS)
        return PolicyFile.model_validate_json(reply.content)

    async def policy_version(self, person: str, file: str, number: int) -> VersionText:
        """`number` 0: as it is installed."""
        path = f"{_file(file)}/versions/{number}"
        reply = await self._link.request("GET", path, person=person, refusals=REFUSALS)
        return VersionText.model_validate_json(reply.content)

    async def check_policy(self, person: str, file: str, text: str) -> Checked:
        """Its faults, or what it would change. Nothing is stored."""
        asked = CheckAsked(text=text).model_dump()
        reply = await self._link.post(f"{_file(file)}/check", asked, person=person, refusals=REFUSALS)
        return Checked.model_validate_json(reply.content)

    async def propose_policy(self, person: str, file: str, asked: ProposeAsked) -> int:
        """The id of the proposal. EscalationRefused(409): `base` is not in force any more."""
        path = f"{_file(file)}/proposals"
        reply = await self._link.post(path, asked.model_dump(), person=person, refusals=REFUSALS)
        return Stored.model_validate_json(reply.content).id

    async def policy_proposal(self, person: str, proposal_id: int) -> ProposalView:
        reply = await self._link.request("GET", _proposal(proposal_id), person=person, refusals=REFUSALS)
        return ProposalView.model_validate_json(reply.content)

    async def rebase_policy(self, person: str, file: str, text: str, base: str) -> Rebased:
        """The changes between `base` and `text`, on what is in force now."""
        asked = RebaseAsked(text=text, base=base).model_dump()
        reply = await self._link.post(f"{_file(file)}/rebased", asked, person=person, refusals=REFUSALS)
        return Rebased.model_validate_json(reply.content)

    async def accept_policy(self, person: str, proposal_id: int, *, because: str = "", alone: bool = False) -> None:
        """Published: every program takes it within two seconds. `alone`: one's own, as an administrator may."""
        asked = RuleAsked(because=because, alone=alone).model_dump()
        await self._link.post(f"{_proposal(proposal_id)}/acceptance", asked, person=person, refusals=REFUSALS)

    async def reject_policy(self, person: str, proposal_id: int, *, because: str) -> None:
        asked = RuleAsked(because=because).model_dump()
        await self._link.post(f"{_proposal(proposal_id)}/rejection", asked, person=person, refusals=REFUSALS)

    async def withdraw_policy(self, person: str, proposal_id: int) -> None:
        await self._link.post(f"{_proposal(proposal_id)}/withdrawal", {}, person=person, refusals=REFUSALS)


def _file(file: str) -> str:
    return f"/escalation/v1/policies/{quote(file, safe='')}"


def _proposal(proposal_id: int) -> str:
    return f"/escalation/v1/policy-proposals/{proposal_id}"
