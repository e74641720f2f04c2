"""The index in the state folder: every build in its own folder, and one small file that says which is live."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import numpy as np
from pydantic import TypeAdapter

from knowledge.article import Article
from knowledge.catalogue import Catalogue
from knowledge.flow import Flow
from knowledge.index import Index
from knowledge.judge import Judge
from knowledge.lexicon import Numbers
from knowledge.people import People

_FLOWS = TypeAdapter(tuple[Flow, ...])
_KEPT = 2  # builds: the live one, and the one before it, which somebody may still be loading


@dataclass(frozen=True, slots=True)
class Build:
    """All that is needed to answer: read whole, served whole, replaced whole."""

    name: str
    model: str  # the encoder's name
    catalogue: Catalogue
    index: Index
    judge: Judge
    people: People
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A build to be written."""

    name: str
    model: str
    articles: Sequence[Article]
    index: Index
    judge: Judge
    people: People
    flows: tuple[Flow, ...]


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / "current"
        self._vectors = folder / "vectors.npz"

    def version(self) -> int:
        """Changes when another build goes live; 0 when there is none. Cheap enough to ask before each question."""
        try:
            return self._current.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def live_name(self) -> str:
        return self._current.read_text().strip() if self._current.exists() else ""

    def is_live(self, fingerprint: str) -> bool:
        """Whether the live build is made from what has that fingerprint."""
        return self.live_name().partition("-")[0] == fingerprint

    @staticmethod
    def new_name(fingerprint: str) -> str:
        """No other build's, even of one made from the same: what is live is never written over."""
        return f"{fingerprint}-{token_hex(4)}"

    def write(self, draft: Draft) -> None:
        """A build beside the live one; of one that is not written to its end nothing is left.

        Raises `ValueError` when the live one has its name.
        """
        if draft.name == self.live_name():
            raise ValueError(f"{draft.name} is live")
        self.drop(draft.name)
        try:
            self._write(draft, self.folder / draft.name)
        except BaseException:
            self.drop(draft.name)
            raise

    def drop(self, name: str) -> None:
        """Forget a build that is not to go live."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def publish(self, name: str) -> None:
        """Let that build take over, in one step."""
        _replace(self._current, name.encode())
        self._forget_old(name)

    def load(self, name: str = "") -> Build:
        """The live build, or another. Raises `FileNotFoundError` when there is none."""
        name = name or self.live_name()
        folder = self.folder / (name or "nothing")
        return Build(
            name=name,
            model=(folder / "model").read_text(),
            catalogue=Catalogue.read(folder),
            index=Index.read(folder),
            judge=Judge.read(folder / "judge.json"),
            people=People.read(folder),
            flows=_FLOWS.validate_json((folder / "flows.json").read_bytes()),
        )

    def model_folder(self, model: str) -> Path:
        """Where the forms of that model are kept that were made here."""
        return self.folder / "models" / sha256(model.encode()).hexdigest()[:16]

    def vectors(self) -> dict[str, Numbers]:
        """Vectors of texts embedded before, by `text_key`."""
        if not self._vectors.exists():
            return {}
        with np.load(self._vectors) as saved:
            return dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))

    def keep_vectors(self, vectors: dict[str, Numbers]) -> None:
        temporary = self.folder / "vectors.new.npz"
        np.savez(temporary, keys=np.asarray(list(vectors)), vectors=np.stack(list(vectors.values())))
        os.replace(temporary, self._vectors)

    @staticmethod
    def _write(draft: Draft, folder: Path) -> None:
        folder.mkdir(parents=True)
        Catalogue.write(draft.articles, folder)
        draft.index.write(folder)
        draft.people.write(folder)
        (folder / "flows.json").write_bytes(_FLOWS.dump_json(draft.flows))
        (folder / "model").write_text(draft.model)
        draft.judge.write(folder / "judge.json")

    def _forget_old(self, live: str) -> None:
        builds = sorted(
            (path for path in self.folder.iterdir() if (path / "judge.json").exists()),
            key=lambda path: path.stat().st_mtime,
        )
        for old in [path for path in builds if path.name != live][: -(_KEPT - 1)]:
            shutil.rmtree(old, ignore_errors=True)


def text_key(model: str, text: str) -> str:
    return sha256(f"{model}\n{text}".encode()).hexdigest()[:32]


def _replace(file: Path, content: bytes) -> None:
    temporary = file.with_suffix(".new")
    temporary.write_bytes(content)
    os.replace(temporary, file)
