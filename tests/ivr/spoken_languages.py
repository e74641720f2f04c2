"""The telephone with the language packs of `packs/` beside its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from ivr import words

PACKS = Path(__file__).resolve().parent / "packs"


@contextmanager
def speaking(folder: Path, *languages: str) -> Iterator[None]:
    """English and these; `folder` is an empty one to put them into."""
    shutil.copy(words.FOLDER / "en.yml", folder)
    for language in languages:
        shutil.copy(PACKS / f"{language}.yml", folder)
    with patch.object(words, "FOLDER", folder):
        _forget()
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    words.words.cache_clear()
    words.languages.cache_clear()
