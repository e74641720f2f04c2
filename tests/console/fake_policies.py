"""Policy files of escalation in memory: one file in two versions, and a rule that finds `soon` a mistake."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from escalation.client import (
    Checked,
    EscalationRefused,
    PolicyFile,
    PolicyOverview,
    ProposalView,
    ProposeAsked,
    Rebased,
    VersionText,
)

FILE, AT = "sla.yml", datetime(2026, 11, 23, 10, tzinfo=UTC)
INSTALLED = "targets:\n  P1: {resolve: 4h}\n  P2: {resolve: 8h}\n"
IN_FORCE = INSTALLED.replace("8h", "7h")
NOTHING = {"open": 3, "looked_at": 3, "changed": 0, "priority": 0, "queue": 0, "level": 0, "deadline": 0}


class FakePolicies:
    """`proposed` remembers what was stored, `ruled` what was decided; `unwilling` is what the rules say to the next."""

    def __init__(self) -> None:
        self.texts = [INSTALLED, IN_FORCE]
        self.effect: dict[str, Any] = {**NOTHING, "examples": []}
        self.proposed: list[ProposeAsked] = []
        self.ruled: list[tuple[str, str, bool]] = []
        self.unwilling: EscalationRefused | None = None
        self.differs = False

    async def policies(self, person: str) -> PolicyOverview:
        self._answer()
        return PolicyOverview.model_validate(
            {
                "files": [self._row()],
                "left_out": [{"file": "people.yml", "because": "It says who may do what"}],
                "proposals": [self._proposal(number) for number in range(len(self.proposed))],
                "may_change": person == "sue",
            }
        )

    async def policy_file(self, person: str, file: str) -> PolicyFile:
        self._answer()
        self._known(file)
        return PolicyFile.model_validate(
            {
                "row": self._row(),
                "text": self.texts[-1],
                "base": digest(self.texts[-1]),
                "versions": [_version(number) for number in range(len(self.texts), 0, -1)],
                "proposals": [self._proposal(number) for number in range(len(self.proposed))],
                "may_change": person == "sue",
            }
        )

    async def policy_version(self, person: str, file: str, number: int) -> VersionText:
        self._known(file)
        if number > len(self.texts):
            raise EscalationRefused(404, "no such version")
        return VersionText(number=number, text=self.texts[max(0, number - 1)])

    async def check_policy(self, person: str, file: str, text: str) -> Checked:
        self._answer()
        lines = text.splitlines()
        faults = [
            {"file": file, "line": number, "words": "targets.P1.resolve: not a time", "text": line}
            for number, line in enumerate(lines, 1)
            if "soon" in line
        ]
        return Checked.model_validate(
            {
                "text": "\n".join(lines) + "\n",
                "faults": faults,
                "in_force": self.texts[-1],
                "base": digest(self.texts[-1]),
                "effect": None if faults else self.effect,
            }
        )

    async def propose_policy(self, person: str, file: str, asked: ProposeAsked) -> int:
        if asked.base != digest(self.texts[-1]):
            raise EscalationRefused(409, "The file was changed since you began")
        if not asked.why:
            raise EscalationRefused(400, "Say why it should change")
        self.proposed.append(asked)
        return len(self.proposed)

    async def rebase_policy(self, person: str, file: str, text: str, base: str) -> Rebased:
        self._may()
        return Rebased(text=f"{self.texts[-1]}# brought along\n", base=digest(self.texts[-1]), conflicts=0)

    async def policy_proposal(self, person: str, proposal_id: int) -> ProposalView:
        self._answer()
        if not 1 <= proposal_id <= len(self.proposed):
            raise EscalationRefused(404, "no such proposal")
        asked = self.proposed[proposal_id - 1]
        return ProposalView.model_validate(
            {
                "row": self._proposal(proposal_id - 1),
                "base": asked.base,
                "base_text": self.texts[-1],
                "text": asked.text,
                "checked": await self.check_policy(person, FILE, asked.text),
                "effect": None,
                "may_decide": person == "sue",
                "may_decide_alone": False,
                "may_withdraw": False,
            }
        )

    async def accept_policy(self, person: str, proposal_id: int, *, because: str = "", alone: bool = False) -> None:
        self._may()
        self.ruled.append(("accepted", because, alone))

    async def reject_policy(self, person: str, proposal_id: int, *, because: str) -> None:
        self._may()
        self.ruled.append(("rejected", because, False))

    async def withdraw_policy(self, person: str, proposal_id: int) -> None:
        self._may()
        self.ruled.append(("withdrawn", "", False))

    def _row(self) -> dict[str, Any]:
        version = _version(len(self.texts))
        return {"file": FILE, "says": "Targets", "version": version, "differs": self.differs}

    def _proposal(self, number: int) -> dict[str, Any]:
        why, by = self.proposed[number].why, "Dora <b>Berg</b>"
        return {"id": number + 1, "file": FILE, "by": by, "at": AT, "why": why, "state": "open"}

    def _known(self, file: str) -> None:
        if file != FILE:
            raise EscalationRefused(404, "no such file")

    def _may(self) -> None:
        if self.unwilling is not None:
            raise self.unwilling

    def _answer(self) -> None:
        raise NotImplementedError


def _version(number: int) -> dict[str, Any]:
    if number == 1:
        return {"number": 1, "at": AT, "why": "As it was installed"}
    return {"number": number, "at": AT, "by": "Dora Berg", "why": "the contract", "decided_by": "Sue Lindqvist"}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
