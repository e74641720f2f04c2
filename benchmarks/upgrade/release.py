"""One release after the other on the same state folder, at the same address, each started as `scripts/run` does."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from dotenv import dotenv_values

from ops import credentials, running
from ops.processes import Child, Command
from ops.product import EMBEDDED, RASA_PYTHON
from ops.trial import BUILT
from settings import ROOT

MIGRATIONS = "escalation/migrations/versions"
ENVIRONMENTS = (".venv", ".venv-rasa")
LOCKS = ("requirements.lock", "requirements-without-dependencies.lock", "bot/requirements.lock")
STARTS_WITHIN_S = 1800.0  # a release embeds the articles that are new to it
STOPS_WITHIN_S = 90.0


def release_before() -> str:
    """The newest tag that is not what is checked out; without tags the last commit before the newest migration."""
    head = git("rev-parse", "HEAD")
    for tag in git("tag", "--merged", "HEAD", "--sort=-creatordate").splitlines():
        if git("rev-parse", f"{tag}^{{commit}}") != head:
            return tag
    newest = max(file.name for file in (ROOT / MIGRATIONS).glob("0*.py"))
    return git("log", "--diff-filter=A", "-1", "--format=%H^", "--", f"{MIGRATIONS}/{newest}")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def unpacked(commit: str, folder: Path) -> Path:
    """Its files, with the Python environments that its locks name: those at hand where they name the same."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    if all((folder / lock).read_bytes() == (ROOT / lock).read_bytes() for lock in LOCKS):
        for name in ENVIRONMENTS:
            (folder / name).symlink_to((ROOT / name).resolve())
    else:
        subprocess.run([folder / "scripts" / "setup"], check=True)
    return folder


def schema_of(code: Path) -> str:
    """The newest migration."""
    return max(file.name for file in (code / MIGRATIONS).glob("0*.py")).removesuffix(".py")


def embedded_before(built: Path, state: Path) -> None:
    """What every release can use of another Firstline's: no index, which only its own release is sure to read."""
    shutil.copytree(built / "knowledge" / "models", state / "knowledge" / "models")
    shutil.copy(built / "knowledge" / "vectors.npz", state / "knowledge")


def brings_its_own(state: Path, made: Path) -> None:
    """The index and the assistant of the release that starts next are there already, as in its images."""
    for name in BUILT:
        shutil.rmtree(state / name, ignore_errors=True)
        shutil.copytree(made / name, state / name)


def make_ready(made: Path) -> None:
    """The index and the assistant of the code that is checked out, in a state folder of their own."""
    given = {**os.environ, "FIRSTLINE_DEMO": "true", "FIRSTLINE_STATE": str(made), "HF_HUB_OFFLINE": "1"}
    secrets, _ = credentials.demo_secrets(made, given)
    for command in ([sys.executable, "-m", "knowledge.build"], [str(RASA_PYTHON), "-m", "bot.train"]):
        subprocess.run(command, cwd=ROOT, env={**given, **secrets}, check=True, stdout=subprocess.DEVNULL)


def release(code: Path, state: Path, port: int, log: Path) -> Child:
    """Its whole product as one program, which is ready once it has told where everything is."""
    given = {name: value for name, value in os.environ.items() if name not in EMBEDDED}
    given |= {
        "FIRSTLINE_DEMO": "true",
        "FIRSTLINE_STATE": str(state),
        "FIRSTLINE_PORT": str(port),
        "HF_HUB_OFFLINE": "1",
        "CHAT_REQUESTS_PER_MINUTE": "100000",
    }
    command = Command(
        code.name,
        [str(code / ".venv" / "bin" / "python"), "-m", "ops.run"],
        running.file_of(state).exists,
        environment=given,
        folder=code,
    )
    return Child(command, log=log)


def told_by(state: Path) -> dict[str, str]:
    """Addresses and secrets of the release that runs, by their names in the environment."""
    files = (credentials.secrets_file(state), running.file_of(state))
    return {name: value for file in files for name, value in dotenv_values(file).items() if value}


def tracebacks_in(state: Path, since: dict[Path, int]) -> list[str]:
    """The last line of each that stands in a log beyond the length that is given for it."""
    found = []
    for file in sorted((state / "logs").glob("*.log")):
        written = file.read_bytes()
        begins = since.get(file, 0) if len(written) >= since.get(file, 0) else 0  # a log that was begun anew
        lines = written[begins:].decode(errors="replace").splitlines()
        begun = False
        for line in lines:
            if line.startswith("Traceback"):
                begun = True
            elif begun and line and not line.startswith((" ", "\t")):
                found.append(f"{file.stem}: {line}")
                begun = False
    return found


def lengths_of_logs(state: Path) -> dict[Path, int]:
    return {file: file.stat().st_size for file in (state / "logs").glob("*.log")}
