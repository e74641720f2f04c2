"""The file of a backup: a tar of parts, the manifest with their checksums first."""

import hashlib
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from pydantic import ValidationError

from ops.backup.manifest import NAME, BackupFailed, Manifest, Part

CHUNK = 1 << 20  # bytes


def describe(files: Mapping[str, Path]) -> dict[str, Part]:
    return {name: Part(sha256=_digest(file), size=file.stat().st_size) for name, file in files.items()}


def write(archive: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Whole or not at all; read by its owner only, because customers' words are in it."""
    unfinished = archive.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    try:
        with tarfile.open(unfinished, "w") as tar:
            told = manifest.model_dump_json(indent=2).encode()
            entry = tarfile.TarInfo(NAME)
            entry.size, entry.mtime = len(told), int(manifest.made_at.timestamp())
            tar.addfile(entry, BytesIO(told))
            for name, file in files.items():
                tar.add(file, name)
        unfinished.replace(archive)
    finally:
        unfinished.unlink(missing_ok=True)


def read_manifest(archive: Path) -> Manifest:
    try:
        with tarfile.open(archive) as tar:
            held = tar.extractfile(NAME)
            return Manifest.model_validate_json(held.read() if held else b"")
    except (OSError, tarfile.TarError, KeyError, ValidationError) as error:
        raise BackupFailed(f"{archive} is no backup of Firstline, or is damaged ({type(error).__name__}).") from error


def unpack(archive: Path, folder: Path) -> Manifest:
    """Every part in `folder`, each as its checksum says. Raises BackupFailed."""
    manifest = read_manifest(archive)
    try:
        with tarfile.open(archive) as tar:
            for name in manifest.parts:
                tar.extract(name, folder, filter="data")
    except (OSError, tarfile.TarError, KeyError) as error:
        raise BackupFailed(f"{archive} is damaged: a part cannot be read ({type(error).__name__}).") from error
    for name, part in manifest.parts.items():
        if _digest(folder / name) != part.sha256:
            raise BackupFailed(f"{archive} is damaged: {name} is not what it was when the backup was made.")
    return manifest


def _digest(file: Path) -> str:
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()
