"""The migrations make exactly the tables that the code uses."""

import asyncio
from datetime import timedelta

from alembic import command
from sqlalchemy import NullPool, create_engine, text

from escalation import migrate, policy
from escalation.database import connect, sessions_of, url_of
from escalation.deadlines import fire_due
from escalation.office import Office
from settings import Settings
from tests.escalation.shift import MONDAY_10, Shift, Wristwatch


def test_an_empty_database_gets_the_tables_the_code_uses(database_url: str) -> None:
    migrate.upgrade(database_url)

    command.check(migrate.config_for(database_url))  # raises when the records and the database differ


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)
    migrate.upgrade(database_url)

    command.check(migrate.config_for(database_url))


def test_down_and_up_again(database_url: str) -> None:
    migrate.upgrade(database_url)
    command.downgrade(migrate.config_for(database_url), "base")
    migrate.upgrade(database_url)

    command.check(migrate.config_for(database_url))


def test_what_an_older_database_holds_stays(database_url: str) -> None:
    migrate.upgrade(database_url, "0002")
    engine = create_engine(url_of(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO heartbeats (name, at) VALUES ('watch', now())"))

    migrate.upgrade(database_url)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM heartbeats")) == 1
        assert connection.scalar(text("SELECT count(*) FROM filing_keys")) == 0
        assert connection.scalar(text("SELECT count(*) FROM subscriptions")) == 0
        assert connection.scalar(text("SELECT count(*) FROM webhooks")) == 0
    engine.dispose()


def test_a_ticket_that_is_open_at_the_upgrade_keeps_its_clocks(database_url: str) -> None:
    migrate.upgrade(database_url, "0003")
    engine = create_engine(url_of(database_url), poolclass=NullPool)
    ticket_id = "5f0c6d0e-6f5c-4b1e-9d5c-2f1f6f0d8a11"
    frozen = """{"version": "v", "steps": [{"at_pct": 50, "do": "warn"}, {"at_pct": 100, "do": "move_up"}],
        "targets": {"respond": {"within": "PT4H", "calendar": "always"},
                    "resolve": {"within": "PT24H", "calendar": "always"}},
        "calendars": {"always": {"name": "always", "always": true}}}"""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tickets (id, reference, version, status, status_changed_at, status_reason, priority, "
                "tier, department, category, asked, live, signals, because, "
                "policy, problem, unread, created_at, updated_at, "
                "severity, ticket_type, filed) VALUES (:id, 'FL-48317264', 1, 'acknowledged', :at, '', 'P3', 1, "
                "'billing', 'bill-dispute', 'bea.novak', false, CAST(:signals AS jsonb), '[]', "
                "CAST(:policy AS jsonb), '', 0, :at, :at, "
                "'Minor', 'bill-dispute', '{}')"
            ),
            {
                "id": ticket_id,
                "at": MONDAY_10,
                "policy": frozen,
                "signals": '{"category": "bill-dispute", "reason": "not_helped"}',
            },
        )
        for name, hours in (("respond", 4), ("resolve", 24)):
            due_at = MONDAY_10 + timedelta(hours=hours)
            connection.execute(
                text(
                    "INSERT INTO clocks (ticket_id, name, calendar, target_s, left_s, since, due_at, late) "
                    "VALUES (:id, :name, 'always', :s, :s, :at, :due, false)"
                ),
                {"id": ticket_id, "name": name, "s": hours * 3600, "at": MONDAY_10, "due": due_at},
            )
            connection.execute(
                text(
                    "INSERT INTO clock_steps (ticket_id, clock, share_pct, action, due_at) "
                    "VALUES (:id, :name, 100, 'move_up', :due)"
                ),
                {"id": ticket_id, "name": name, "due": due_at},
            )
    engine.dispose()

    migrate.upgrade(database_url)

    assert asyncio.run(_hours_later(database_url, 5)) == ["moved up: respond 100%"]


async def _hours_later(database_url: str, hours: int) -> list[str]:
    """What the watch and a person do with the ticket of the old database."""
    engine = connect(Settings(database_url=database_url))
    watch = Wristwatch()
    shift = Shift(Office(sessions_of(engine), policy.load(), "Larkfield Telecom", now=watch), watch)
    watch.advance(hours=hours)
    await fire_due(shift.office)
    await shift.act("sam.okoye", "FL-48317264", "accept")
    await shift.act("sam.okoye", "FL-48317264", "reply", text="we are looking at it")
    await shift.act("sam.okoye", "FL-48317264", "ask_customer", text="Which month?")
    await shift.act("sam.okoye", "FL-48317264", "resume")
    ticket = await shift.act("sam.okoye", "FL-48317264", "resolve", text="paid back")
    await engine.dispose()
    assert {clock.name: clock.state for clock in ticket.clocks} == {"respond": "missed", "resolve": "met"}
    return [entry.what for entry in ticket.audit if entry.who == "watch"]
