"""The index in the state folder: every build in its own folder, and one small file that says which is live."""

import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter
from scipy import sparse

from knowledge.article import Article
from knowledge.flow import Flow
from knowledge.index import Index, Rows
from knowledge.judge import Judge
from knowledge.lexicon import Lexicon, Numbers

_ARTICLES = TypeAdapter(tuple[Article, ...])
_FLOWS = TypeAdapter(tuple[Flow, ...])
_KEPT = 2  # builds: the live one, and the one before it, which somebody may still be loading


@dataclass(frozen=True, slots=True)
class Build:
    """All that is needed to answer: read whole, served whole, replaced whole."""

    name: str
    model: str  # the encoder's name
    index: Index
    judge: Judge
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

    def publish(self, build: Build) -> None:
        """Write the build beside the live one, then let it take over in one step."""
        folder = self.folder / build.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _write_index(folder, build.index)
        (folder / "flows.json").write_bytes(_FLOWS.dump_json(build.flows))
        (folder / "model").write_text(build.model)
        build.judge.write(folder / "judge.json")
        _replace(self._current, build.name.encode())
        self._forget_old(build.name)

    def load(self) -> Build:
        """The live build. Raises `FileNotFoundError` when there is none."""
        name = self.live_name()
        folder = self.folder / (name or "nothing")
        return Build(
            name=name,
            model=(folder / "model").read_text(),
            index=_read_index(folder),
            judge=Judge.read(folder / "judge.json"),
            flows=_FLOWS.validate_json((folder / "flows.json").read_bytes()),
        )

    def model_folder(self, model: str) -> Path:
        """Where the light form of that model is kept."""
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


def _write_index(folder: Path, index: Index) -> None:
    (folder / "articles.json").write_bytes(_ARTICLES.dump_json(index.articles))
    np.savez(
        folder / "index.npz",
        words_rarity=index.lexicon.words_rarity,
        chars_rarity=index.lexicon.chars_rarity,
        pulls=index.pulls,
        nothing=index.nothing,
    )
    sparse.save_npz(folder / "chars.npz", index.chars, compressed=False)
    for name, rows in (("wordings", index.wordings), ("passages", index.passages)):
        np.savez(folder / f"{name}.npz", owner=rows.owner, vectors=rows.vectors)
        sparse.save_npz(folder / f"{name}.words.npz", rows.words, compressed=False)


def _read_index(folder: Path) -> Index:
    with np.load(folder / "index.npz") as saved:
        return Index(
            articles=_ARTICLES.validate_json((folder / "articles.json").read_bytes()),
            lexicon=Lexicon(saved["words_rarity"], saved["chars_rarity"]),
            wordings=_read_rows(folder, "wordings"),
            passages=_read_rows(folder, "passages"),
            chars=sparse.load_npz(folder / "chars.npz"),
            pulls=saved["pulls"],
            nothing=saved["nothing"],
        )


def _read_rows(folder: Path, name: str) -> Rows:
    with np.load(folder / f"{name}.npz") as saved:
        return Rows(
            owner=saved["owner"],
            vectors=saved["vectors"],
            words=sparse.load_npz(folder / f"{name}.words.npz"),
        )
