"""The commands of `python -m escalation.policy`."""

import argparse
import getpass
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from escalation import explained, policy
from escalation.database import Sessions
from escalation.policy import READ, PolicyError, Source, assembled
from escalation.policy.reading import texts_in
from escalation.published import in_force, once
from escalation.published.catalogue import CHANGEABLE
from escalation.published.once import AWAY, NO_DATABASE, WRONG_POLICY, policy_for, published, run
from escalation.published.policy_records import PolicyVersionRecord
from escalation.published.ruling import LOCK


async def restore(sessions: Sessions, file: str, because: str, *, who: str, at: datetime) -> bool:
    """The installed text of one file as its next version, past every other eye: for when nothing begins any more.

    False: nothing of it was ever published. Raises PolicyError when it would not fit either.
    """
    async with sessions.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        source = await in_force.source(session, texts_in(policy.FOLDER, READ))
        text = source.installed[file]
        assembled(Source(installed=source.installed, published={**source.published, file: text}))
        newest = await session.scalar(
            select(func.max(PolicyVersionRecord.number)).where(PolicyVersionRecord.file == file)
        )
        if newest is None:
            return False
        session.add(
            PolicyVersionRecord(
                file=file,
                number=newest + 1,
                text=text,
                at=at,
                why=because,
                proposed_by=who,
                decided_by=who,
                because="from a terminal",
                alone=True,
            )
        )
    return True


def written(source: Source, folder: Path) -> Mapping[str, Path]:
    """What was published, as files to be installed: by name, where each lies."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / name for name in sorted(source.published)}
    for name, file in files.items():
        file.write_text(source.published[name], encoding="utf-8")
    return files


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m escalation.policy")
    commands = parser.add_subparsers(dest="command", required=True)
    once.add_to(explained.add_to(commands))
    commands.add_parser("check", help="whether the installed files fit what was published: before they are rolled out")
    export = commands.add_parser("export", help="write what was published as files, to be installed with the others")
    export.add_argument("folder", type=Path)
    back = commands.add_parser("restore", help="put the installed text of a file back in force")
    back.add_argument("file", choices=sorted(CHANGEABLE), metavar="FILE")
    back.add_argument("--because", required=True, help="kept with the version")
    return parser


def main(given: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(given)
    try:
        if asked.command == "explain":
            return explained.answer(policy_for(asked), asked.ticket)
        sys.stdout.write(_answer(asked))
    except PolicyError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_POLICY
    except SQLAlchemyError as error:
        sys.stderr.write(NO_DATABASE.format(type(error).__name__))
        return AWAY
    return 0


def _answer(asked: argparse.Namespace) -> str:
    if asked.command == "restore":
        who, now = getpass.getuser(), datetime.now(UTC)
        was_there = run(lambda sessions: restore(sessions, asked.file, asked.because, who=who, at=now))
        return f"{asked.file} is in force as it is installed{'' if was_there else ', and always was'}.\n"
    source = run(published)
    if asked.command == "export":
        return "".join(f"{file}\n" for file in written(source, asked.folder).values()) or "Nothing was published.\n"
    version = assembled(source).version
    differ = [f"  {name}\n" for name, text in sorted(source.published.items()) if text != source.installed[name]]
    goes_before = "What was published goes before what is installed:\n" if differ else ""
    return f"They fit: policy {version}.\n{goes_before}{''.join(differ)}"
