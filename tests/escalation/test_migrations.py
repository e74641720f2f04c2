"""The migrations make exactly the tables that the code uses."""

from alembic import command
from sqlalchemy import NullPool, create_engine, text

from escalation import migrate
from escalation.database import url_of


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
