"""The policy for a command that runs once: as it is installed here, or with what was published."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from escalation import policy
from escalation.database import Sessions, connect, sessions_of
from escalation.policy import READ, Policy, Source, assembled
from escalation.policy.reading import texts_in
from escalation.published import in_force
from settings import load

WRONG_POLICY, AWAY = 1, 3  # exit codes
NO_DATABASE = "The database does not answer: {}. Check DATABASE_URL.\n"
Answer = TypeVar("Answer")


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument("--in-force", action="store_true", help="with what was published in the console")


def policy_for(asked: argparse.Namespace) -> Policy:
    """As `--in-force` says. Raises PolicyError, SQLAlchemyError."""
    return run(policy_in_force) if asked.in_force else policy.load()


def run(work: Callable[[Sessions], Awaitable[Answer]]) -> Answer:
    """With a connection of its own to the database. Raises SQLAlchemyError."""

    async def connected() -> Answer:
        engine = connect(load())
        try:
            return await work(sessions_of(engine))
        finally:
            await engine.dispose()

    return asyncio.run(connected())


async def policy_in_force(sessions: Sessions) -> Policy:
    """Raises PolicyError."""
    return assembled(await published(sessions))


async def published(sessions: Sessions) -> Source:
    """What is in force with the files that are installed here; not yet checked."""
    async with sessions() as session:
        return await in_force.source(session, texts_in(policy.FOLDER, READ))
