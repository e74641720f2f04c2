"""Make both Python environments from their locks; standard library only, because it runs before anything is installed.

`.venv` (3.11 or newer) holds Firstline, `.venv-rasa` (3.10) holds Rasa. An environment whose lock has not changed
since it was made is left alone. Both are made at the same time; every five seconds a line says how far they are.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"  # PyTorch's own index of builds without CUDA
RASA_PYTHON = (3, 10)
TELLING = ("Collecting", "Downloading", "Building", "Installing", "Processing")  # pip's lines that show progress


class SetupFailed(Exception):
    """Setting up cannot go on; the text is for the person who started it."""


class Environment:
    """One virtual environment and how far it has come."""

    def __init__(
        self, name: str, folder: Path, locks: Sequence[Path], python: Callable[[], str], disk_gb: float
    ) -> None:
        self.name = name
        self._disk_gb = disk_gb  # that must be free
        self.folder = folder
        self._locks = locks
        self._find_python = python
        self.doing = "waiting"
        self.error: str | None = None

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def _stamp(self) -> Path:
        return self.folder / "firstline-lock.sha256"

    def fingerprint(self) -> str:
        return hashlib.sha256(b"".join(lock.read_bytes() for lock in self._locks)).hexdigest()

    def is_current(self) -> bool:
        return self._stamp.exists() and self._stamp.read_text() == self.fingerprint() and self.python.exists()

    def make(self) -> None:
        """Install into a fresh folder; the stamp is written last, so that a half-made one is never taken for whole."""
        try:
            if self.folder.is_symlink():  # clearing it would empty what it points to, then fail
                raise SetupFailed(f"{self.folder.name} is a link and not current; it is remade where it points to.")
            self._stamp.unlink(missing_ok=True)
            python = self._find_python()
            free = shutil.disk_usage(self.folder.parent).free / 1e9
            if free < self._disk_gb:
                raise SetupFailed(f"{self.folder.name} needs {self._disk_gb:.0f} GB of disk; {free:.1f} GB are free.")
            self.doing = "making the environment"
            self.run([python, "-m", "venv", "--clear", str(self.folder)])
            self.install()
            self._stamp.write_text(self.fingerprint())
            self.doing = "ready"
        except (SetupFailed, OSError) as error:
            self.error = str(error)

    def install(self) -> None:
        for lock in self._locks:
            self.pip("--no-deps", "--require-hashes", "-r", str(lock))

    def pip(self, *arguments: str) -> None:
        self.run([str(self.python), "-m", "pip", "install", "--no-input", "--progress-bar", "off", *arguments])

    def run(self, command: Sequence[str]) -> None:
        """Run it, showing its last line as what is being done; raises SetupFailed with its last words."""
        words: list[str] = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        ) as process:
            for line in process.stdout or ():
                words = [*words[-14:], line.rstrip()]
                if line.strip().startswith(TELLING):
                    self.doing = line.strip()[:70]
        if process.returncode != 0:
            raise SetupFailed(f"{' '.join(command[1:4])} failed:\n  " + "\n  ".join(words))


class FirstlineEnvironment(Environment):
    """The 3.11 side: torch first, because which build of it is right depends on the machine."""

    def install(self) -> None:
        torch = next(line for line in (ROOT / "requirements.in").read_text().splitlines() if line.startswith("torch=="))
        lock, *others = self._locks
        self.pip("--no-deps", "--require-hashes", "-r", str(lock))
        self.pip(*self._torch_source(torch), torch)
        for other in others:
            self.pip("--no-deps", "--require-hashes", "-r", str(other))

    def _torch_source(self, torch: str) -> list[str]:
        """FIRSTLINE_TORCH_INDEX, or PyTorch's CPU index where pip alone would fetch several GB of CUDA.

        `FIRSTLINE_TORCH_INDEX=default` leaves the choice to pip's own configuration (for a machine with a GPU).
        """
        wish = os.environ.get("FIRSTLINE_TORCH_INDEX", "")
        if wish:
            return [] if wish == "default" else ["--index-url", wish]
        if sys.platform != "linux":
            return []
        command = [
            str(self.python),
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--no-deps",
            "--quiet",
            "--report",
            "-",
            torch,
        ]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            chosen = json.loads(asked.stdout)["install"]
            if not chosen or "+cpu" in chosen[0]["metadata"]["version"]:
                return []
        return ["--index-url", TORCH_CPU_INDEX]


def find_rasa_python() -> str:
    """A working Python 3.10: on the PATH, among pyenv's versions, or through uv; raises SetupFailed without any."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.10"), *map(str, sorted(pyenv.glob("3.10.*/bin/python3.10")))]
    for candidate in filter(None, candidates):
        if _version(candidate) == RASA_PYTHON:
            return candidate
    if uv := shutil.which("uv"):
        subprocess.run([uv, "python", "install", "3.10"], capture_output=True, check=False)
        found = subprocess.run([uv, "python", "find", "3.10"], capture_output=True, text=True, check=False)
        if found.returncode == 0 and _version(found.stdout.strip()) == RASA_PYTHON:
            return found.stdout.strip()
    raise SetupFailed(
        "Rasa 3.6 needs Python 3.10, and none was found. Any one of these helps, then start again:\n"
        "  - install python3.10 with your system's packages\n"
        "  - pyenv install 3.10\n"
        "  - install uv (https://docs.astral.sh/uv/), which fetches Python 3.10 by itself"
    )


def _version(python: str) -> tuple[int, int] | None:
    """None when it does not run: pyenv leaves a shim for versions that are not switched on."""
    try:
        told = subprocess.run(
            [python, "-c", "import sys, venv; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    numbers = told.stdout.split()
    return (int(numbers[0]), int(numbers[1])) if told.returncode == 0 and len(numbers) == 2 else None


def environments() -> list[Environment]:
    return [
        FirstlineEnvironment(
            "firstline",
            ROOT / ".venv",
            [ROOT / "requirements.lock", ROOT / "requirements-without-dependencies.lock"],
            lambda: sys.executable,
            3.0,
        ),
        Environment("rasa", ROOT / ".venv-rasa", [ROOT / "bot" / "requirements.lock"], find_rasa_python, 1.0),
    ]


def set_up(wanted: Sequence[Environment]) -> None:
    """Make all of them at once; raises SetupFailed with every reason when one could not be made."""
    began = time.monotonic()
    threads = [threading.Thread(target=environment.make, daemon=True) for environment in wanted]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(5 / len(threads))
        print(
            f"[{time.monotonic() - began:4.0f} s] " + " | ".join(f"{one.name}: {one.doing}" for one in wanted),
            flush=True,
        )
    reasons = [f"{one.folder.name}: {one.error}" for one in wanted if one.error is not None]
    if reasons:
        raise SetupFailed("\n".join(reasons))


def main() -> int:
    parser = argparse.ArgumentParser(description="Make both Python environments; does nothing when they are current.")
    parser.add_argument("--force", action="store_true", help="make them anew")
    arguments = parser.parse_args()
    wanted = [one for one in environments() if arguments.force or not one.is_current()]
    if not wanted:
        return 0
    print("Setting up (once; a few minutes, about 3 GB):", " and ".join(one.folder.name for one in wanted), flush=True)
    try:
        set_up(wanted)
    except SetupFailed as error:
        print(f"\nSetting up failed.\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
