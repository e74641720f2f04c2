"""Whether every language pack of the telephone is whole, held against English: `python -m ivr.language_pack`."""

import string
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ivr import language, menu, words
from ivr.speech import VOICES
from ivr.words import FIRST_LANGUAGE, Words

LIKE_ENGLISH = ("language_choice", "say", "record", "commands", "keys", "ratings", "messages", "texts")


class IncompletePack(Exception):
    """The text names the file, and everything that is missing or wrong in it."""


def check_packs() -> None:
    """Raises IncompletePack: a caller must not find out in the middle of a call."""
    files = sorted(words.FOLDER.glob("*.yml"))
    gaps = [f"{file}: {gap}" for file in files for gap in gaps_in(file)]
    if len(files) > language.MOST:
        gaps.append(f"{words.FOLDER}: {len(files)} languages, and a caller can be offered {language.MOST}")
    if gaps:
        raise IncompletePack("\n".join(gaps))


def gaps_in(file: Path) -> list[str]:
    """Each in a few words, by its place in the file."""
    try:
        pack = Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        return [f"no YAML: {error}"]
    except ValidationError as invalid:
        return [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in invalid.errors()]
    english, given = words.words(FIRST_LANGUAGE).model_dump(), pack.model_dump()
    gaps = [gap for part in LIKE_ENGLISH for gap in _differences(english[part], given[part], part)]
    gaps += _dead_ends(pack)
    if pack.language != file.stem:
        gaps.append(f"language: {pack.language!r} in a file called {file.name}")
    if pack.voice is None and pack.language not in VOICES:
        gaps.append("voice: there is none of ours for this language, so the pack must name one")
    return gaps


def _differences(english: Any, given: Any, place: str) -> Iterator[str]:
    """The same keys, lists that hold something, sentences with the same places to fill in."""
    if isinstance(english, Mapping):
        for key in english:
            if key in given:
                yield from _differences(english[key], given[key], f"{place}.{key}")
            else:
                yield f"{place}.{key}: missing"
    elif isinstance(english, str):
        wanted, found = _places(english), _places(given)
        if wanted != found:
            yield f"{place}: fills in {_listed(found)}, and should {_listed(wanted)}"
    elif not given:
        yield f"{place}: empty"


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _listed(places: set[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in sorted(places)) or "nothing"


def _dead_ends(pack: Words) -> Iterator[str]:
    """Every option leads somewhere, and no level asks more of a caller than they can keep in mind."""
    if menu.TOP not in pack.menu:
        yield f"menu.{menu.TOP}: missing"
    for name, level in pack.menu.items():
        if not 1 <= len(level.options) <= menu.MOST_OPTIONS:
            yield f"menu.{name}: {len(level.options)} options, and 1 to {menu.MOST_OPTIONS} are possible"
        for option in level.options:
            if (option.opens in pack.menu) == bool(option.send):
                yield f"menu.{name}: {option.label!r} must open a level of the menu or send something"


def main() -> int:
    try:
        check_packs()
    except IncompletePack as why:
        sys.stderr.write(f"{why}\n")
        return 1
    sys.stdout.write(f"Whole: {', '.join(words.languages())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
