"""The pool never hands out a connection that died while nobody used it."""

import pytest
from sqlalchemy import text

from escalation import database
from settings import Settings


@pytest.mark.usefixtures("database_url")
async def test_a_connection_that_died_while_idle_is_replaced(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "IDLE_S", 0.0)  # every connection has been idle for long
    engine = database.connect(settings)
    killer = database.connect(settings)
    async with engine.connect() as connection:
        victim = await connection.scalar(text("SELECT pg_backend_pid()"))
    async with killer.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})

    async with engine.connect() as connection:
        served_by = await connection.scalar(text("SELECT pg_backend_pid()"))

    assert served_by != victim
    await engine.dispose()
    await killer.dispose()
