"""A technician's day in memory: one visit, and the rules that the console must show."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from escalation.client import Check, EscalationRefused, Person, VisitReport, VisitRow, VisitView

ROB = Person(
    username="rob", name="Rob Quinn", role="field_technician", tier=2, departments=("fixed-access",), sees="own"
)
VISIT = UUID("5f0c6d0e-6f5c-4b1e-9d5c-2f1f6f0d8a11")


class FakeVisits:
    """`reported` remembers what was told; a report without a speed is refused."""

    def __init__(self) -> None:
        begins = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
        self.arrivals: list[datetime | None] = []
        self.reported: list[VisitReport] = []
        self.the_visit = VisitView(
            id=VISIT,
            reference="FL-48317264",
            state="agreed",
            begins_at=begins,
            ends_at=begins + timedelta(hours=5),
            name="Jo Smith",
            address="LF1 2AB",
            category="broadband-down",
            phone="+447700900142",
            order_id="order-1",
            plan_mbps=80.0,
            problem="No light on the router since <b>Friday</b>.",
            checks=(Check(name="line_test", result="fault: open 300 m from the cabinet", at=begins),),
            steps=(),
            arrived_at=None,
            finished_at=None,
            work=(),
            remark="",
            measured_mbps=None,
            speed_reason="",
            confirmed_by="",
        )

    async def visits(self, person: str) -> list[VisitRow]:
        self._answer()
        self._makes_visits(person)
        return [self.the_visit]

    async def visit(self, person: str, visit_id: UUID) -> VisitView:
        self._answer()
        self._makes_visits(person)
        if visit_id != VISIT:
            raise EscalationRefused(404, "no such visit")
        return self.the_visit

    async def arrived(self, person: str, visit_id: UUID, *, at: datetime | None = None) -> VisitView:
        await self.visit(person, visit_id)
        self.arrivals.append(at)
        return self._now(state="arrived", arrived_at=at or datetime.now(UTC))

    async def report_visit(self, person: str, visit_id: UUID, report: VisitReport) -> VisitView:
        await self.visit(person, visit_id)
        if report.measured_mbps is None:
            raise EscalationRefused(400, "measured_mbps: measure the speed")
        self.reported.append(report)
        return self._now(**{**report.model_dump(exclude={"outcome"}), "state": report.outcome})

    def _now(self, **values: object) -> VisitView:
        self.the_visit = self.the_visit.model_copy(update=values)
        return self.the_visit

    def _makes_visits(self, person: str) -> None:
        if person != ROB.username:
            raise EscalationRefused(403, "Visits are open to technicians in the field")

    def _answer(self) -> None:
        raise NotImplementedError
