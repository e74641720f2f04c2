"""The connection to PostgreSQL."""

from math import inf
from time import monotonic

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from settings import Settings

Sessions = async_sessionmaker[AsyncSession]
STATEMENT_TIMEOUT_MS = 10_000
IDLE_S = 1.0  # a server that restarts takes longer than that


def url_of(database_url: str) -> URL:
    """`postgresql://...` as operators write it, spoken through psycopg 3."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def connect(settings: Settings) -> AsyncEngine:
    engine = create_async_engine(
        url_of(settings.database_url),
        pool_size=8,
        max_overflow=8,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text goes into the log, and what customers said must not
        connect_args={"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC", "connect_timeout": 5},
    )
    engine.dialect.use_insertmanyvalues_wo_returning = True  # a ticket's steps are one statement, not one each
    _ping_idle(engine)
    return engine


def _ping_idle(engine: AsyncEngine) -> None:
    """A connection that nobody used for a while may be dead, and is asked before it is given out.

    `pool_pre_ping` asks every time, which is a round trip of every request.
    """
    used_at = "used at"

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[used_at] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: object) -> None:
        if monotonic() - entry.info.get(used_at, -inf) < IDLE_S:
            return
        dialect = engine.dialect
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def sessions_of(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, expire_on_commit=False)
