"""The migrations make exactly the tables that the code uses."""

from alembic import command

from escalation import migrate


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
