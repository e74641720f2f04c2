"""What no program of ours knows: room on the disks, the certificate of the public address, the last backup."""

import asyncio
import shutil
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ops.backup.task import backups_in
from ops.inspection.finding import Finding, State
from ops.inspection.limits import told_s
from ops.inspection.place import Check, Place, aged, found, judged


async def disks(place: Place) -> Sequence[Finding]:
    """Of the state folder, and of the backups where these are on another disk."""
    folders = {"state": _existing(place.settings.firstline_state), "backups": _existing(place.settings.backups)}
    if folders["state"].stat().st_dev == folders["backups"].stat().st_dev:
        del folders["backups"]
    return [_free(place, name, await asyncio.to_thread(shutil.disk_usage, path)) for name, path in folders.items()]


def _free(place: Place, name: str, usage: "shutil._ntuple_diskusage") -> Finding:
    free = usage.free / 1e9
    words = f"{free:.1f} of {usage.total / 1e9:.0f} GB free"
    return judged(f"disk of {name}", place.limits.disk_free_gb, free, words, lambda gb: f"{gb:g} GB")


def _existing(path: Path) -> Path:
    """The folder, or where it would be made."""
    path = path.resolve()
    return next(folder for folder in (path, *path.parents) if folder.exists())


async def certificate(place: Place) -> Sequence[Finding]:
    """As a browser sees it: an address without HTTPS has none, one that is not trusted is bad."""
    address = urlsplit(place.settings.public_url)
    if address.scheme != "https" or not address.hostname:
        return [found("certificate", State.OK, "the public address is not HTTPS")]
    try:
        ends_at = await _ends_at(address.hostname, address.port or 443, ssl.create_default_context())
    except ssl.SSLError as error:
        return [found("certificate", State.BAD, f"not trusted ({error.reason or type(error).__name__})", "trusted")]
    except OSError as error:
        words = f"{address.netloc} does not answer ({type(error).__name__})"
        return [found("certificate", State.BAD, words, "answers")]
    left_s = (ends_at - place.now()).total_seconds()
    return [judged("certificate", place.limits.certificate_left, left_s, f"{left_s / 86400:.0f} days left", told_s)]


async def _ends_at(host: str, port: int, context: ssl.SSLContext) -> datetime:
    _, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        shown = writer.get_extra_info("peercert")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def backup(place: Place) -> Sequence[Finding]:
    newest = max((file.stat().st_mtime for file in backups_in(place.settings.backups)), default=None)
    if newest is None:
        return [found("backup age", State.WARN, f"none in {place.settings.backups}", "one a day")]
    age = max(timedelta(), place.now() - datetime.fromtimestamp(newest, UTC))
    return [aged("backup age", place.limits.backup_age, age.total_seconds())]


CHECKS: dict[str, Check] = {"disk of state": disks, "certificate": certificate, "backup age": backup}
