"""Signing in, staying in, and who is kept out."""

import httpx
import pytest
from redis.asyncio import Redis

from console.app import create_app
from console.session import SESSION_S
from settings import Settings
from tests.console.fake_desk import DANA, PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import SLOW

DANA_IN = {"username": "dana", "password": PASSWORD}
PAGES = ("/", f"/tickets/{SLOW}", f"/tickets/{SLOW}/now", f"/tickets/{SLOW}/articles")


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_session_every_page_asks_to_sign_in(visitor: httpx.AsyncClient, path: str) -> None:
    reply = await visitor.get(path)

    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/sign-in")


async def test_without_a_session_nobody_acts(visitor: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await visitor.post(f"/tickets/{SLOW}/moves", data={"move": "accept", "version": "1"})

    assert reply.status_code == 303
    assert desk.tickets[SLOW].status == "acknowledged"


async def test_a_fragment_without_a_session_says_401_instead_of_putting_the_sign_in_page_into_the_page(
    visitor: httpx.AsyncClient,
) -> None:
    reply = await visitor.get("/", headers={"HX-Request": "true"})

    assert reply.status_code == 401


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_other_sites(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.post("/sign-in", data=DANA_IN)

    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_over_https_the_cookie_is_secure(settings: Settings, desk: FakeDesk) -> None:
    secure = settings.model_copy(update={"firstline_public_url": "https://help.example"})
    app = create_app(secure, desk=desk, library=FakeLibrary())
    headers = {"Origin": "https://help.example"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://inside", headers=headers) as browser,
    ):
        reply = await browser.post("/sign-in", data=DANA_IN)

    assert "; secure" in reply.headers["set-cookie"].lower()


async def test_the_session_ends_by_itself_and_is_not_stored_under_the_cookie(
    dana: httpx.AsyncClient, redis_url: str
) -> None:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        (key,) = [key async for key in redis.scan_iter("console:session:*")]
        expires_s = await redis.ttl(key)

    assert 0 < expires_s <= SESSION_S
    assert dana.cookies["firstline_console"] not in key


async def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(dana: httpx.AsyncClient) -> None:
    before = dana.cookies["firstline_console"]

    await dana.post("/sign-in", data=DANA_IN)

    after = dana.cookies["firstline_console"]
    dana.cookies.clear()
    assert after != before
    assert (await dana.get("/", headers={"Cookie": f"firstline_console={before}"})).status_code == 303


async def test_after_signing_out_the_old_cookie_opens_nothing(dana: httpx.AsyncClient) -> None:
    cookie = dana.cookies["firstline_console"]

    await dana.post("/sign-out")

    dana.cookies.clear()
    assert (await dana.get("/", headers={"Cookie": f"firstline_console={cookie}"})).status_code == 303


async def test_a_wrong_password_and_an_unknown_name_read_the_same(visitor: httpx.AsyncClient) -> None:
    wrong = await visitor.post("/sign-in", data={"username": "dana", "password": "guess"})
    unknown = await visitor.post("/sign-in", data={"username": "dina", "password": "guess"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("dana", "") == unknown.text.replace("dina", "")


async def test_who_tried_too_often_is_told_to_wait(visitor: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.brakes = True

    reply = await visitor.post("/sign-in", data=DANA_IN)

    assert reply.status_code == 429
    assert "15 minutes" in reply.text


async def test_the_way_back_leads_to_a_ticket_and_nowhere_else(visitor: httpx.AsyncClient) -> None:
    asked = await visitor.get(f"/tickets/{SLOW}")
    honest = await visitor.post("/sign-in", data={**DANA_IN, "ticket": SLOW})
    crafted = await visitor.post("/sign-in", data={**DANA_IN, "ticket": "//evil.example"})

    assert asked.headers["location"] == f"/sign-in?ticket={SLOW}"
    assert honest.headers["location"] == f"/tickets/{SLOW}"
    assert crafted.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_move_that_another_site_sends_is_refused(
    dana: httpx.AsyncClient, desk: FakeDesk, headers: dict[str, str]
) -> None:
    reply = await dana.post(f"/tickets/{SLOW}/moves", data={"move": "accept", "version": "1"}, headers=headers)

    assert reply.status_code == 403
    assert desk.tickets[SLOW].status == "acknowledged"


async def test_pages_forbid_foreign_and_inline_scripts_framing_and_storing(dana: httpx.AsyncClient) -> None:
    reply = await dana.get("/")

    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"


async def test_no_page_carries_inline_script_or_style(dana: httpx.AsyncClient) -> None:
    for path in ("/", "/sign-in", f"/tickets/{SLOW}"):
        page = (await dana.get(path)).text

        assert "<style" not in page
        assert " style=" not in page
        assert " on" + "click=" not in page
        assert page.count("<script") == page.count('<script src="/static/')


async def test_the_person_shown_is_the_one_who_signed_in(dana: httpx.AsyncClient) -> None:
    assert DANA.name in (await dana.get("/")).text
