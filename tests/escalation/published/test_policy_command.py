"""What those who roll files out can ask of what was published, and how they get out when nothing begins any more."""

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from escalation import policy
from escalation.agreements import command as agreements
from escalation.office import Office
from escalation.policy import PolicyError
from escalation.published import command, once, shelf
from escalation.published.command import main
from escalation.published.in_force import InForce
from escalation.tasks import __main__ as tasks
from settings import Settings
from tests.escalation.published.proposals import AUDITOR, publish
from tests.escalation.shift import Shift

SLOW, FASTER = "resolve: {within: 4h, calendar: always}", "resolve: {within: 2h, calendar: always}"


@pytest.fixture
async def office(shift: Shift, migrated: Settings, monkeypatch: pytest.MonkeyPatch) -> Office:
    """sla.yml was published; the commands work on this database."""
    monkeypatch.setattr(once, "load", lambda: migrated)
    return await publish(shift.office, "sla.yml", SLOW, FASTER)


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of a newer release, which a test may change before they are looked at."""
    folder = tmp_path / "operator"
    folder.mkdir()
    for name in policy.READ:
        shutil.copy(policy.FOLDER / name, folder / name)
    monkeypatch.setattr(policy, "FOLDER", folder)
    return folder


def change(file: Path, written: str, instead: str) -> None:
    text = file.read_text()
    assert written in text
    file.write_text(text.replace(written, instead))


Main = Callable[[Sequence[str]], int]


async def ran(capsys: pytest.CaptureFixture[str], *words: str, by: Main = main) -> tuple[int, str, str]:
    """The commands have an event loop of their own."""
    code = await asyncio.to_thread(by, words)
    out, err = capsys.readouterr()
    return code, out, err


async def test_a_ticket_is_explained_by_the_files_or_by_what_is_in_force(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = tmp_path / "ticket.json"
    asked = {"category": "outage", "reason": "safety", "safety": True, "affected": "many"}
    ticket.write_text(json.dumps({**asked, "opened_at": "2026-11-23T10:00:00Z"}))

    _, by_files, _ = await ran(capsys, "explain", str(ticket))
    _, in_force, _ = await ran(capsys, "explain", "--in-force", str(ticket))

    assert ("within 4 hours" in by_files, "within 2 hours" in by_files) == (True, False)
    assert ("within 4 hours" in in_force, "within 2 hours" in in_force) == (False, True)


@pytest.mark.parametrize(
    ("by", "words", "file", "written", "instead", "shown"),
    [
        (agreements.main, ["list"], "agreements.yml", "{from: 2025-01-01}", "{from: 2025-02-03}", "3 February 2025"),
        (tasks.main, ["next", "--days", "3"], "tasks.yml", 'at: "01:30"', 'at: "01:47"', "01:47"),
    ],
)
async def test_other_commands_tell_by_the_files_or_by_what_is_in_force(
    office: Office,
    by: Main,
    words: list[str],
    file: str,
    written: str,
    instead: str,
    shown: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await publish(office, file, written, instead)

    _, by_files, _ = await ran(capsys, *words, by=by)
    _, in_force, _ = await ran(capsys, *words, "--in-force", by=by)

    assert (shown in by_files, shown in in_force) == (False, True)


async def test_what_was_published_becomes_files(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = await ran(capsys, "export", str(tmp_path / "out"))

    assert (code, [file.name for file in (tmp_path / "out").iterdir()]) == (0, ["sla.yml"])
    assert FASTER in (tmp_path / "out" / "sla.yml").read_text()
    assert "sla.yml" in out


async def test_a_release_that_does_not_fit_is_told_before_it_is_rolled_out(
    office: Office, newer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fits = await ran(capsys, "check")
    change(newer / "calendars.yml", "office-hours:", "desk-hours:")
    change(newer / "sla.yml", "office-hours", "desk-hours")
    change(newer / "agreements.yml", "office-hours", "desk-hours")

    code, _, err = await ran(capsys, "check")

    assert (fits[0], "sla.yml" in fits[1]) == (0, True)
    assert code == 1
    assert "calendar office-hours is not in calendars.yml" in err


async def test_the_installed_text_is_put_back_in_force_with_who_and_why(
    office: Office, newer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(newer / "sla.yml", SLOW, "resolve: {within: 3h, calendar: always}")

    code, _, _ = await ran(capsys, "restore", "sla.yml", "--because", "the release of May")

    versions = (await shelf.one(office, AUDITOR, "sla.yml")).versions
    assert (code, versions[0].number, versions[0].why, versions[0].alone) == (0, 3, "the release of May", True)
    assert "within: 3h" in (await InForce(office).look()).policy.source.texts["sla.yml"]


async def test_what_would_not_fit_is_not_put_back(office: Office, newer: Path) -> None:
    change(newer / "sla.yml", "office-hours", "desk-hours")

    with pytest.raises(PolicyError, match="desk-hours is not in calendars"):
        await command.restore(office.sessions, "sla.yml", "so", who="root", at=office.now())

    assert len((await shelf.one(office, AUDITOR, "sla.yml")).versions) == 2


async def test_without_the_database_the_commands_say_so(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    away = settings.model_copy(update={"database_url": "postgresql://127.0.0.1:1/none"})
    monkeypatch.setattr(once, "load", lambda: away)

    code, _, err = await ran(capsys, "check")

    assert (code, err.startswith("The database does not answer")) == (3, True)
