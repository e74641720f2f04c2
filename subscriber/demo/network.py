"""TMF656 service problems and the line test of the demo operator."""

from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Line, Problem

PROBLEMS = "/tmf-api/serviceProblemManagement/v4/serviceProblem"
NO_LINE = Line(result="inconclusive", detail="This service has no line that could be tested.")


def problems(book: Book) -> APIRouter:
    router = APIRouter()

    @router.get(PROBLEMS)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, _bodies(book))

    @router.get(PROBLEMS + "/{wanted}")
    async def read(wanted: str) -> tmf.Body:
        return tmf.one(_bodies(book), wanted)

    return router


def _bodies(book: Book) -> list[tmf.Body]:
    now = datetime.now(UTC)
    return [_body(book, problem, now) for problem in book.problems]


def _body(book: Book, problem: Problem, now: datetime) -> tmf.Body:
    start, end = problem.window(now)
    facts: dict[str, object] = {"startDate": start.isoformat(), "affectedServiceCategory": list(problem.kinds)}
    if end:
        facts["expectedEndDate"] = end.isoformat()
    return {
        "id": problem.id,
        "href": f"{PROBLEMS}/{problem.id}",
        "category": "plannedWork" if problem.planned else "serviceProvider.declarer",
        "status": problem.status,
        "description": problem.summary,
        "creationDate": min(start, now).isoformat(),
        "originatingSystem": "network monitoring",
        "affectedLocation": [
            {"id": place, "name": book.place_name(place), "role": "affected", "@referredType": "Place"}
            for place in problem.places
        ],
        "characteristic": [{"name": name, "value": value} for name, value in facts.items()],
        "@type": "ServiceProblem",
    }


class LineTestOrder(BaseModel):
    service_id: str = Field(alias="serviceId")


def line_tests(book: Book) -> APIRouter:
    router = APIRouter()

    @router.post("/line-test/v1/lineTest")
    async def run(order: LineTestOrder) -> tmf.Body:
        service = book.service(order.service_id)
        if service is None:
            raise HTTPException(404, "there is no such service")
        line = service.line or NO_LINE
        return {
            "serviceId": service.id,
            "result": line.result,
            "detail": line.detail,
            "downMbps": line.down,
            "upMbps": line.up,
            "at": datetime.now(UTC).isoformat(),
        }

    return router
