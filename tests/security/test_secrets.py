"""Secrets: out of files, two at a time while they change, and never in what is shown."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

import knowledge.app
import outbound.app
from escalation.access import static_callers
from escalation.oauth.signing_key import KeyRing
from escalation.office import utc_now
from ops.credentials import environment_of
from ops.preflight import CannotStart
from secret_values import several
from settings import Settings, secret_names
from tests.escalation.escalation_service import Running, started
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import service

NEW, OLD = "new-internal-token", "old-internal-token"


@pytest.fixture
def changing(migrated: Settings) -> Settings:
    """While one token takes the place of the other."""
    return migrated.model_copy(
        update={
            "firstline_internal_token": SecretStr(f"{NEW}, {OLD}"),
            "twilio_auth_token": SecretStr("new-twilio-token,old-twilio-token"),
        }
    )


@pytest.mark.parametrize("name", secret_names())
def test_every_secret_may_lie_in_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("  postgresql://from-a-file\n")
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(file))

    read = getattr(Settings(_env_file=None), name.lower())
    started_with = environment_of(tmp_path)

    assert (read.get_secret_value() if isinstance(read, SecretStr) else read) == "postgresql://from-a-file"
    assert started_with[name] == "postgresql://from-a-file"
    assert f"{name}_FILE" not in started_with  # the programs are given one of them


def test_a_file_may_be_named_in_the_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t" * 20)
    (tmp_path / ".env").write_text(f"FIRSTLINE_API_TOKEN_FILE={tmp_path / 'token'}\n")

    assert Settings(_env_file=tmp_path / ".env").firstline_api_token.get_secret_value() == "t" * 20
    assert environment_of(tmp_path)["FIRSTLINE_API_TOKEN"] == "t" * 20


def test_passwords_in_addresses_are_secrets_too() -> None:
    assert {"FIRSTLINE_INTERNAL_TOKEN", "TWILIO_AUTH_TOKEN", "SMTP_URL", "REDIS_URL", "DATABASE_URL"} <= set(
        secret_names()
    )


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_file_that_holds_no_secret_is_said_without_its_content(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("FIRSTLINE_API_TOKEN_FILE", str(file))

    with pytest.raises(CannotStart, match="FIRSTLINE_API_TOKEN_FILE"):
        environment_of(tmp_path)
    with pytest.raises(ValueError, match="FIRSTLINE_API_TOKEN_FILE"):
        Settings(_env_file=None)


def test_a_secret_given_twice_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("in-the-file")
    monkeypatch.setenv("FIRSTLINE_API_TOKEN_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("FIRSTLINE_API_TOKEN", "in-the-variable")

    with pytest.raises(CannotStart, match="both given") as refused:
        environment_of(tmp_path)

    assert "in-the" not in str(refused.value)


@pytest.mark.parametrize(("given", "good"), [("", ()), ("a", ("a",)), ("b, a", ("b", "a")), (" ,a,", ("a",))])
def test_two_secrets_are_parted_by_a_comma(given: str, good: tuple[str, ...]) -> None:
    assert several(given) == good


async def test_both_internal_tokens_open_every_program_and_the_first_is_sent(changing: Settings) -> None:
    assert changing.internal_token == NEW
    apps = {
        "/outbound/v1/opt-outs": outbound.app.create_app(changing),
        "/knowledge/v1/decide": knowledge.app.create_app(changing),
    }
    answered = {}

    for path, app in apps.items():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
            for token in (NEW, OLD, f"{NEW}, {OLD}", "older"):
                reply = await http.post(path, json={}, headers={"Authorization": f"Bearer {token}"})
                answered[path, token] = reply.status_code
    async with started(changing) as escalation:
        for token in (NEW, OLD, f"{NEW}, {OLD}", "older"):
            reply = await escalation.http.get("/escalation/v1/kinds", headers={"Authorization": f"Bearer {token}"})
            answered["escalation", token] = reply.status_code

    for program in (*apps, "escalation"):
        assert answered[program, NEW] == answered[program, OLD] != 401
        assert answered[program, f"{NEW}, {OLD}"] == answered[program, "older"] == 401


async def test_a_webhook_may_be_signed_with_either_token(changing: Settings) -> None:
    desk = FakeDesk()
    form = {"CallSid": "CA" + "1" * 32, "From": "+447700900123"}
    async with service(changing, FakeAssistant(desk), desk) as http:
        answered = {}
        for token in ("new-twilio-token", "old-twilio-token", "older-twilio-token", ""):
            signature = RequestValidator(token).compute_signature(f"{changing.public_url}/ivr/answer", form)
            reply = await http.post("/ivr/answer", data=form, headers={"X-Twilio-Signature": signature})
            answered[token] = reply.status_code

    assert list(answered.values()) == [200, 200, 403, 403]
    assert changing.twilio_token == "new-twilio-token"


async def test_tokens_of_machine_clients_outlive_a_change_of_the_internal_token(running: Running) -> None:
    sessions = running.office.sessions
    before = await KeyRing(sessions, [OLD], utc_now).signing()

    during, after = KeyRing(sessions, [NEW, OLD], utc_now), KeyRing(sessions, ["another"], utc_now)

    assert (await during.signing()).kid == before.kid
    assert await after.find(before.kid) is None


def test_one_secret_in_two_places_is_refused(settings: Settings) -> None:
    twice = settings.model_copy(update={"firstline_internal_token": SecretStr("test-api-token,other-token")})

    with pytest.raises(RuntimeError, match="must differ"):
        static_callers(twice)


def test_settings_show_no_secret(changing: Settings) -> None:
    shown = repr(changing)

    assert NEW not in shown
    assert "twilio-token" not in shown
