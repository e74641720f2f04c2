"""Machine clients: which there are (clients.yml), and whether a secret is theirs."""

import argparse
import asyncio
import hashlib
import secrets
import sys
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from escalation import policy
from escalation.database import Sessions, connect, sessions_of
from escalation.office import utc_now
from escalation.records import Record
from settings import load


class ClientSecretRecord(Record):
    """Secrets are made by us, 256 random bits, so that a plain digest gives nothing away."""

    __tablename__ = "client_secrets"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    changed_at: Mapped[datetime]


async def is_secret_of(sessions: Sessions, client_id: str, secret: str) -> bool:
    async with sessions() as session:
        query = select(ClientSecretRecord.sha256).where(ClientSecretRecord.client_id == client_id)
        kept = await session.scalar(query)
    return secrets.compare_digest(kept or "", _digest(secret))


async def new_secret(sessions: Sessions, client_id: str) -> str:
    """Replaces the one before; this is the only time it can be read."""
    secret = secrets.token_urlsafe(32)
    values = {"sha256": _digest(secret), "changed_at": utc_now()}
    async with sessions.begin() as session:
        await session.execute(
            insert(ClientSecretRecord)
            .values(client_id=client_id, **values)
            .on_conflict_do_update(index_elements=[ClientSecretRecord.client_id], set_=values)
        )
    return secret


async def revoke(sessions: Sessions, client_id: str) -> None:
    """No new tokens; those that are out end within ten minutes."""
    async with sessions.begin() as session:
        await session.execute(delete(ClientSecretRecord).where(ClientSecretRecord.client_id == client_id))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def _run(command: str, client_id: str) -> str:
    """What to print."""
    engine = connect(load())
    try:
        if command == "revoke":
            await revoke(sessions_of(engine), client_id)
            return f"{client_id} has no secret any more."
        return await new_secret(sessions_of(engine), client_id)
    finally:
        await engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m escalation.clients")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new-secret", help="makes a secret and prints it, once").add_argument("client")
    commands.add_parser("revoke", help="takes the secret away").add_argument("client")
    asked = parser.parse_args()
    if asked.command == "new-secret" and asked.client not in policy.load().clients:
        sys.stderr.write(f"{asked.client} is not in data/operator/clients.yml\n")
        return 1
    sys.stdout.write(f"{asyncio.run(_run(asked.command, asked.client))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
