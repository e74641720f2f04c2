"""The connection to PostgreSQL."""

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from settings import Settings

Sessions = async_sessionmaker[AsyncSession]
STATEMENT_TIMEOUT_MS = 10_000


def url_of(database_url: str) -> URL:
    """`postgresql://...` as operators write it, spoken through psycopg 3."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def connect(settings: Settings) -> AsyncEngine:
    return create_async_engine(
        url_of(settings.database_url),
        pool_size=8,
        max_overflow=8,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text goes into the log, and what customers said must not
        connect_args={"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC", "connect_timeout": 5},
    )


def sessions_of(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)
