"""The doors: in process, and over HTTP with the same shapes."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from knowledge import answer
from knowledge.app import create_app
from knowledge.client import KnowledgeClient, KnowledgeUnavailable, Wish
from knowledge.decision import Context
from settings import Settings

QUESTIONS = ["my sim card asks for a puk code", "I was charged twice this month", "I smell gas", "internet", "asdf jkl"]


@pytest.fixture
async def http(built: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(built)
    headers = {"Authorization": "Bearer test-internal-token"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner", headers=headers) as client,
    ):
        yield client


async def test_the_client_gets_what_the_process_decides(http: httpx.AsyncClient) -> None:
    client = KnowledgeClient(http)

    for question in QUESTIONS:
        assert await client.decide(question, Context()) == await answer.decide(question, Context())


async def test_the_client_reads_an_article(http: httpx.AsyncClient) -> None:
    client = KnowledgeClient(http)

    assert await client.article("puk-code", "de") == answer.article("puk-code", "de")
    with pytest.raises(KeyError):
        await client.article("nothing")


async def test_the_client_compares_wishes(http: httpx.AsyncClient) -> None:
    wishes = [Wish("FL-1", "Please add a dark mode to the app"), Wish("FL-2", "the app needs a dark mode please")]

    (match,) = await KnowledgeClient(http).same_wishes(wishes)

    assert (match.reference, match.to, match.is_sure) == ("FL-2", "FL-1", True)


async def test_the_client_finds_texts_that_likely_mean_the_same(http: httpx.AsyncClient) -> None:
    others = {"FL-1": "My SIM card is not accepted", "FL-2": "Please add a dark mode to the app"}

    found = await KnowledgeClient(http).alike("the app needs a dark mode please", others)

    assert found == ["FL-2"]


@pytest.mark.parametrize(
    "path",
    [
        "/knowledge/v1/health",
        "/knowledge/v1/unreviewed",
        "/knowledge/v1/vocabulary",
        "/knowledge/v1/articles/puk-code",
    ],
)
async def test_nobody_reads_without_the_internal_token(http: httpx.AsyncClient, path: str) -> None:
    reply = await http.get(path, headers={"Authorization": "Bearer wrong"})

    assert reply.status_code == 401


async def test_the_words_that_articles_are_asked_for_by(http: httpx.AsyncClient) -> None:
    words = await KnowledgeClient(http).vocabulary("en", most=5)

    assert 0 < len(words) <= 5
    assert await KnowledgeClient(http).vocabulary("de", most=5) == []


async def test_health_names_the_index(http: httpx.AsyncClient) -> None:
    reply = await http.get("/knowledge/v1/health")

    assert reply.json()["status"] == "ok"
    assert reply.json()["articles"] == 8


async def test_articles_that_nobody_looked_at_are_named(http: httpx.AsyncClient) -> None:
    later = (await http.get("/knowledge/v1/unreviewed", params={"before": "2100-01-01"})).json()
    long_ago = (await http.get("/knowledge/v1/unreviewed", params={"before": "2000-01-01"})).json()

    assert later["count"] == 8
    assert "puk-code" in later["oldest"]
    assert long_ago == {"count": 0, "oldest": []}


def test_the_program_refuses_to_start_without_a_token(built: Settings) -> None:
    with pytest.raises(ValueError, match="FIRSTLINE_INTERNAL_TOKEN"):
        create_app(built.model_copy(update={"firstline_internal_token": type(built.firstline_internal_token)("")}))


async def test_no_connection_is_unavailable() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = KnowledgeClient(httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://inner"))

    with pytest.raises(KnowledgeUnavailable):
        await client.decide("my tv is black", Context())
    await client.close()


async def test_a_server_error_is_unavailable() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(503))
    client = KnowledgeClient(httpx.AsyncClient(transport=transport, base_url="http://inner"))

    with pytest.raises(KnowledgeUnavailable):
        await client.article("puk-code")
    await client.close()


def test_opening_twice_is_opening_once(built: Settings) -> None:
    assert answer.open(built) is answer.open(built)
    answer.close()


def test_without_an_index_the_operator_is_told_what_to_run(built: Settings, tmp_path: Path) -> None:
    with pytest.raises(answer.NotBuilt, match=r"python -m knowledge\.build"):
        answer.open(built.model_copy(update={"firstline_state": tmp_path}))


async def test_asking_before_opening_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        await answer.decide("hello", Context())
