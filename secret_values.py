"""How secrets are given: in a file instead of a variable, and two at a time while one takes the place of the other.

Also imported inside Rasa: Python 3.10.
"""

import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

SUFFIX = "_FILE"
MOST_BYTES = 64 * 1024


def from_files(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What `NAME_FILE` points to, by NAME, without blanks around it.

    Raises ValueError when NAME is given too, and when the file cannot be read or is empty; never with its content.
    """
    return {
        name: _content(name, Path(environment[name + SUFFIX]), environment)
        for name in names
        if environment.get(name + SUFFIX)
    }


def _content(name: str, file: Path, environment: Mapping[str, str]) -> str:
    if environment.get(name):
        raise ValueError(f"{name} and {name}{SUFFIX} are both given: one of them")
    try:
        content = file.read_bytes()[:MOST_BYTES].decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}{SUFFIX}: {file} cannot be read ({type(error).__name__})") from None
    if not content:
        raise ValueError(f"{name}{SUFFIX}: {file} is empty")
    return content


def several(given: str) -> tuple[str, ...]:
    """The secrets that are good now, parted by commas; the first is the one we use ourselves."""
    return tuple(secret.strip() for secret in given.split(",") if secret.strip())


def fits(given: str, accepted: Iterable[str]) -> bool:
    """Takes as long for a wrong secret as for a right one."""
    written = given.encode("utf-8", "surrogateescape")
    return sum(hmac.compare_digest(written, one.encode()) for one in accepted) > 0
