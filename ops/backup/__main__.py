"""`python -m ops.backup`: create, list, restore."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ops import running
from ops.backup import archive, task
from ops.backup.manifest import BackupFailed
from ops.backup.servers import reached

KEEP = 14


def main(given: Sequence[str] | None = None) -> int:
    """The exit code is 1 when it was not done."""
    asked = _parser().parse_args(given)
    try:
        match asked.command:
            case "create":
                create(asked.to, asked.keep)
            case "list":
                show(asked.to or running.settings().backups)
            case "restore":
                restore(asked.file, upgrade=asked.upgrade)
    except BackupFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops.backup", description="Everything in one file, and back.")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="while Firstline runs or not")
    create.add_argument("--keep", type=int, default=KEEP, help=f"how many stay; older ones are removed ({KEEP})")
    listed = commands.add_parser("list", help="the newest first")
    for command in (create, listed):
        command.add_argument("--to", type=Path, metavar="FOLDER", help="instead of FIRSTLINE_BACKUPS")
    back = commands.add_parser("restore", help="everything that is there now is replaced; Firstline must be stopped")
    back.add_argument("file", type=Path)
    back.add_argument("--upgrade", action="store_true", help="bring an older backup's database up to date")
    return parser


def create(to: Path | None, keep: int) -> None:
    if keep < 1:
        raise BackupFailed("--keep must be 1 or more.")
    with reached() as servers:
        folder = to or servers.settings.backups
        made = task.create(servers, folder, datetime.now(UTC))
    parts = archive.read_manifest(made).parts
    _say(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
    if task.SECRETS not in parts:
        _say("Without secrets: FIRSTLINE_BACKUP_PASSPHRASE is empty, or none were generated here.")
    for old in task.forget_old(folder, keep):
        _say(f"removed {old.name}")


def show(folder: Path) -> None:
    for file in task.backups_in(folder):
        try:
            manifest = archive.read_manifest(file)
        except BackupFailed as error:
            _say(f"{file.name}  {error}")
            continue
        secrets = "with secrets" if task.SECRETS in manifest.parts else "without secrets"
        size = f"{file.stat().st_size / 1e6:.1f} MB"
        _say(f"{file.name}  {manifest.made_at:%Y-%m-%d %H:%M} UTC  {size}  schema {manifest.schema_at}  {secrets}")


def restore(file: Path, *, upgrade: bool) -> None:
    with reached() as servers:
        done = task.restore(servers, file, upgrade=upgrade)
    _say(f"Restored what was there at {done.manifest.made_at:%Y-%m-%d %H:%M} UTC; {done.keys} keys in Redis.")
    if not done.secrets:
        _say("Secrets are as they were here: people sign in again, machine clients ask for new tokens.")
    if done.other_policy:
        _say(f"These policy files are not what they were then: {', '.join(done.other_policy)}.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
