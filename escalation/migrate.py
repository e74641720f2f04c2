"""`python -m escalation.migrate`: bring the database to the shape this code needs."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError

from escalation.database import url_of
from settings import load

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def config_for(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url_of(database_url)
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    """Does nothing when there is nothing to do; two at once wait for each other."""
    command.upgrade(config_for(database_url), revision)


def main() -> int:
    try:
        upgrade(load().database_url)
    except OperationalError:
        sys.stderr.write("The database does not answer: check DATABASE_URL and that PostgreSQL runs.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
