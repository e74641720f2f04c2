"""The operator's virus scanner: a command that is given the file and says by its exit code what it thinks of it."""

import asyncio
import logging
import shlex
from typing import Literal, Protocol

log = logging.getLogger(__name__)

Verdict = Literal["clean", "refused", "unknown"]
TIMEOUT_S = 20.0
_VERDICTS: dict[int | None, Verdict] = {0: "clean", 1: "refused"}


class Scanner(Protocol):
    async def verdict(self, content: bytes) -> Verdict: ...


class Command:
    """The file comes on its standard input. Exit code 0 is clean, 1 refused, any other says nothing: not clean."""

    def __init__(self, command: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._command = shlex.split(command)
        self._timeout_s = timeout_s

    async def verdict(self, content: bytes) -> Verdict:
        try:
            program = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            log.error("the scanner of attachments does not start: %s", error.strerror)
            return "unknown"
        try:
            async with asyncio.timeout(self._timeout_s):
                await program.communicate(content)
        except TimeoutError:
            log.error("the scanner of attachments took longer than %d s", self._timeout_s)
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
        verdict = _VERDICTS.get(program.returncode, "unknown")
        if verdict != "clean":
            log.warning("the scanner of attachments ended with %s: %s", program.returncode, verdict)
        return verdict


class NoScanner:
    """Everything passes: what is left is that pictures are encoded anew and nothing is ever run."""

    async def verdict(self, content: bytes) -> Verdict:  # noqa: ARG002  # of the protocol
        return "clean"


def scanner(command: str) -> Scanner:
    """Says once in the log when there is none."""
    if command.strip():
        return Command(command)
    log.warning("attachments are not scanned: ATTACHMENT_SCAN_COMMAND is empty")
    return NoScanner()
