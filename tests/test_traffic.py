"""What a program answered, as Prometheus and the inspection see it."""

import httpx
import pytest
from fastapi import FastAPI, HTTPException

from metrics import Metrics
from traffic import Traffic


class Site:
    """A program with a clock that the test turns."""

    def __init__(self) -> None:
        self.now = 0.0
        self.metrics = Metrics()
        app = FastAPI()

        @app.get("/chat/{code}")
        async def answer(code: int) -> None:
            if code == 0:
                raise LookupError("a fault of ours")
            if code != 200:
                raise HTTPException(code)

        self.traffic = Traffic(app, self.metrics, frozenset({"chat"}), lambda: self.now)
        transport = httpx.ASGITransport(app=self.traffic, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://site")

    async def answers(self, *codes: int) -> None:
        for code in codes:
            await self.http.get(f"/chat/{code}")


async def test_failed_are_answers_from_500_on_and_those_that_never_came() -> None:
    site = Site()

    await site.answers(200, 404, 500, 503, 0)

    assert site.traffic.last_hour() == (5, 3)


@pytest.mark.parametrize(("later_s", "counted"), [(59 * 60, 3), (60 * 60, 1)])
async def test_only_the_last_hour_counts(later_s: float, counted: int) -> None:
    site = Site()
    await site.answers(200, 500)
    site.now += later_s

    await site.answers(200)

    assert site.traffic.last_hour()[0] == counted


async def test_no_path_of_a_stranger_becomes_a_label() -> None:
    site = Site()

    await site.http.get("/a-stranger-chose-this")
    await site.answers(200)

    told = site.metrics.text().decode()
    assert 'firstline_http_responses_total{room="other",status="4xx"} 1.0' in told
    assert 'firstline_http_responses_total{room="chat",status="2xx"} 1.0' in told
    assert "stranger" not in told
