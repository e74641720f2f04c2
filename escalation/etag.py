"""Entity tags (RFC 9110) of tickets: the version, so that no client overwrites what it has not read."""

from collections.abc import Sequence


def etag_of(version: int) -> str:
    """A strong tag: every change of what a client reads is another version."""
    return f'"{version}"'


def names(given: Sequence[str], version: int) -> bool:
    """Whether the lines of an `If-Match` name this version; `*` names every one, a weak tag none."""
    tags = {tag.strip() for line in given for tag in line.split(",")}
    return "*" in tags or etag_of(version) in tags


def names_weakly(given: Sequence[str], version: int) -> bool:
    """The same for `If-None-Match`, where a weak tag counts as its strong one."""
    return names([line.replace('W/"', '"') for line in given], version)
