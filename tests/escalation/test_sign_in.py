"""Who may come in."""

import pytest

from escalation import brake, people
from escalation.client import EscalationRefused
from settings import Settings
from tests.escalation.escalation_service import Running, started

RIGHT, WRONG = "test-demo-password", "open sesame"


async def test_in_the_demo_everybody_has_the_demo_password(running: Running) -> None:
    amira = await running.client.sign_in("Amira.Khan", RIGHT)

    assert amira is not None
    assert (amira.username, amira.role, amira.tier) == ("amira.khan", "agent", 1)
    assert await running.client.sign_in("amira.khan", WRONG) is None
    assert await running.client.sign_in("nobody", RIGHT) is None


async def test_a_password_of_ones_own_replaces_the_demos(running: Running) -> None:
    await people.set_password(running.office.sessions, "tom.reed", "correct horse battery")

    assert await running.client.sign_in("tom.reed", RIGHT) is None
    assert await running.client.sign_in("tom.reed", "correct horse battery") is not None


async def test_guessing_is_stopped_even_when_the_last_guess_is_right(running: Running) -> None:
    for _ in range(brake.TRIES_PER_NAME_AND_ADDRESS):
        await running.client.sign_in("lena.fox", WRONG)

    with pytest.raises(EscalationRefused) as refused:
        await running.client.sign_in("lena.fox", RIGHT)

    assert refused.value.status == 429
    assert await running.client.sign_in("amira.khan", RIGHT) is not None


async def test_outside_the_demo_the_demo_password_opens_nothing(migrated: Settings) -> None:
    async with started(migrated.model_copy(update={"firstline_demo": False})) as service:
        assert await service.client.sign_in("amira.khan", RIGHT) is None


@pytest.mark.parametrize("missing", ["firstline_internal_token", "firstline_api_token"])
async def test_without_its_tokens_the_service_does_not_start(settings: Settings, missing: str) -> None:
    from pydantic import SecretStr

    from escalation.app import create_app

    with pytest.raises(RuntimeError, match="must be set"):
        create_app(settings.model_copy(update={missing: SecretStr("")}))
