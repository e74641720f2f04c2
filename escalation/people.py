"""Our people: who they are (people.yml), and whether a password is theirs."""

import argparse
import asyncio
import getpass
import secrets
import sys
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from redis.asyncio import Redis
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from escalation import policy
from escalation.brake import Brake
from escalation.database import Sessions, connect, sessions_of
from escalation.office import Office, utc_now
from escalation.policy import Policy
from escalation.records import PasswordRecord
from escalation.sight import role_of
from escalation.wire import Person
from settings import load

SHORTEST = 10  # characters of a password
_HASHER = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Checked when there is no such person, so that the answer takes as long."""
    return _HASHER.hash(secrets.token_hex(16))


def person_of(found: Policy, username: str) -> Person | None:
    entry = found.people.get(username)
    if entry is None:
        return None
    return Person(
        username=username,
        name=entry.name,
        role=entry.role,
        tier=entry.tier,
        departments=entry.departments,
        sees=role_of(entry).sees,
        files=role_of(entry).files,
    )


async def sign_in(
    office: Office, redis: Redis, username: str, password: str, *, address: str, demo_password: str
) -> Person | None:
    """None when name or password is wrong. Raises TooOften after too many failures of the name or the address.

    `demo_password`, empty outside the demo, opens the account of everybody who has no password of their own.
    """
    username = username.strip().lower()
    brake = Brake(redis, "person")
    await brake.count(username, address)
    async with office.sessions() as session:
        kept = await session.scalar(select(PasswordRecord.argon2).where(PasswordRecord.username == username))
    fits = await asyncio.to_thread(_fits, kept or _nobodys_hash(), password)
    if kept is None:
        fits = bool(demo_password) and secrets.compare_digest(password.encode(), demo_password.encode())
    person = person_of(office.policy, username)
    if person is not None and fits:
        await brake.forget(username, address)
        return person
    return None


async def set_password(sessions: Sessions, username: str, password: str) -> None:
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    values = {"argon2": hashed, "changed_at": utc_now()}
    async with sessions.begin() as session:
        await session.execute(
            insert(PasswordRecord)
            .values(username=username, **values)
            .on_conflict_do_update(index_elements=[PasswordRecord.username], set_=values)
        )


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


async def _set_password(username: str) -> str | None:
    """What went wrong, or None."""
    if username not in policy.load().people:
        return f"{username} is not in data/operator/people.yml"
    password = getpass.getpass(f"New password of {username}: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if len(password) < SHORTEST:
        return f"A password has at least {SHORTEST} characters."
    engine = connect(load())
    try:
        await set_password(sessions_of(engine), username, password)
    finally:
        await engine.dispose()
    return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m escalation.people")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("set-password", help="asks for the password, or reads it from standard input")
    command.add_argument("username")
    wrong = asyncio.run(_set_password(parser.parse_args().username))
    if wrong is not None:
        sys.stderr.write(f"{wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
