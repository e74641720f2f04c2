"""A database of the present shape."""

import pytest

from escalation.migrate import upgrade


@pytest.fixture
def migrated(database_url: str) -> str:
    upgrade(database_url)
    return database_url
