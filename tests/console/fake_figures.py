"""What escalation tells supervisors in figures, in memory: the board, agreements, coming tasks, who read what."""

from datetime import datetime
from typing import Any

from escalation.client import (
    AgreementPaper,
    AgreementRow,
    Behind,
    Board,
    BoardAsked,
    EscalationRefused,
    Funnel,
    FunnelAsked,
    PenaltyReport,
    Person,
    ReadEntry,
    TaskAgenda,
    Wall,
)
from tests.console import fake_board, fake_tasks


class FakeFigures:
    """`asked` remembers what was wanted of the board."""

    people: dict[str, Person]
    asked: list[dict[str, Any]]

    async def agreements(self, person: str) -> tuple[AgreementRow, ...]:
        self._answer()
        return ()

    async def agreement(self, person: str, agreement_id: str, version: int | None = None) -> AgreementPaper:
        self._answer()
        raise EscalationRefused(404, f"no agreement {agreement_id}")

    async def penalties(self, person: str, month: str) -> PenaltyReport:
        self._answer()
        return PenaltyReport(month=month, zone="Europe/London", totals=(), rows=())

    async def board(self, person: str, asked: BoardAsked) -> Board:
        self._answer()
        self.asked.append({"person": person, **asked.model_dump(exclude_none=True)})
        return fake_board.board(asked)

    async def behind(self, person: str, key: str, asked: BoardAsked, *, limit: int = 50, offset: int = 0) -> Behind:
        self._answer()
        self.asked.append({"person": person, "key": key, "limit": limit, "offset": offset})
        return fake_board.behind(key, asked, limit)

    async def tasks(self, person: str, *, days: int = 14) -> TaskAgenda:
        self._answer()
        self.asked.append({"person": person, "days": days})
        return fake_tasks.agenda()

    async def reads(
        self, person: str, *, ticket: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> list[ReadEntry]:
        self._answer()
        if self.people[person].role != "auditor":
            raise EscalationRefused(403, "Who read what is open to auditors")
        return []

    async def funnel(self, person: str, asked: FunnelAsked) -> Funnel:
        self._answer()
        self.asked.append({"person": person, **asked.model_dump(exclude_none=True)})
        return fake_board.funnel(asked)

    async def wall(self, person: str) -> Wall:
        self._answer()
        return fake_board.wall()

    def _answer(self) -> None:
        raise NotImplementedError
