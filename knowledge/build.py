"""`python -m knowledge.build [--check]`: checks articles and flows, and makes the index that answers from them."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np

import settings as all_settings
from knowledge.calibrate import Measured, calibrate
from knowledge.encoder import FullModel, is_light
from knowledge.index import Index, all_passages, wordings
from knowledge.lexicon import Numbers
from knowledge.library import Library, files, read_library
from knowledge.samples import Encode, in_scope_samples, off_topic_samples
from knowledge.source import Broken
from knowledge.store import Build, Store, text_key

HERE = Path(__file__).parent
ARTICLES = HERE / "articles"
OFF_TOPIC = all_settings.ROOT / "data" / "eval" / "off_topic_build.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only check the articles and flows")
    parser.add_argument("--again", action="store_true", help="build even when nothing changed")
    parser.add_argument("--articles", type=Path, default=ARTICLES, help="the folder of the articles")
    options = parser.parse_args(arguments)
    try:
        library = read_library(options.articles)
    except Broken as broken:
        _say(str(broken))
        _say(f"{len(broken.problems)} problems. Nothing was changed; the last good index serves on.")
        return 1
    _say(f"{len(library.articles)} articles and {len(library.flows)} flows are in order.")
    if not options.check:
        build(all_settings.load(), options.articles, library, again=options.again)
    return 0


def build(
    settings: all_settings.Settings,
    articles: Path = ARTICLES,
    library: Library | None = None,
    *,
    again: bool = False,
    light: bool = True,
) -> str:
    """Make the index when something changed, and let it go live. Gives its name. Raises `Broken`.

    `light` also makes the form of the model that serves twice as fast, once for each model.
    """
    library = library or read_library(articles)
    store = Store(settings.firstline_state / "knowledge")
    name = _fingerprint(articles, settings)
    if store.live_name() == name and not again:
        _say("Nothing changed: the index is up to date.")
        return name
    store.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    model = FullModel(settings.knowledge_model)
    texts = _Embedded(store, model.name, model.encode)
    off_topic = _off_topic()
    index = Index.of(
        library.articles,
        wording_vectors=texts(wordings(library.articles)[0]),
        passage_vectors=texts(all_passages(library.articles)[0]),
        nothing=texts(off_topic),
    )
    _say(f"{len(index.wordings.owner)} wordings and {len(index.passages.owner)} sentences; measuring ...")
    samples = list(in_scope_samples(index, texts))
    for language in sorted({article.language for article in library.articles}):
        samples += off_topic_samples(index, texts, off_topic, language)
    judge, measured = calibrate(samples, settings.knowledge_target_precision)
    models = store.model_folder(settings.knowledge_model)
    if light and not is_light(models) and model.prepare(models):
        _say("The light form of the model is ready.")
    store.publish(Build(name, model.name, index, judge, library.flows))
    texts.keep()
    (store.folder / name / "measured.json").write_text(json.dumps(asdict(measured), indent=1))
    _say(f"{texts.new} texts were embedded. Index {name} is live after {time.perf_counter() - began:.0f} s.")
    _report(measured, settings.knowledge_target_precision)
    return name


class _Embedded:
    """Embeds what was not embedded before; forgets what is no longer used."""

    def __init__(self, store: Store, model: str, encode: Encode) -> None:
        self._store, self._model, self._encode = store, model, encode
        self._before = store.vectors()
        self._used: dict[str, Numbers] = {}
        self.new = 0

    def __call__(self, texts: Sequence[str]) -> Numbers:
        by_key = {text_key(self._model, text): text for text in texts}
        missing = [key for key in by_key if key not in self._before and key not in self._used]
        self._used |= zip(missing, self._encode([by_key[key] for key in missing]), strict=True)
        self._used |= {key: self._before[key] for key in by_key if key in self._before}
        self.new += len(missing)
        return np.stack([self._used[text_key(self._model, text)] for text in texts])

    def keep(self) -> None:
        self._store.keep_vectors(self._used)


def _fingerprint(articles: Path, settings: all_settings.Settings) -> str:
    """Changes with anything the index is made from: files, this code, the model, the target."""
    digest = sha256(f"{settings.knowledge_model}\n{settings.knowledge_target_precision}".encode())
    for file in (*files(articles), OFF_TOPIC, *sorted(HERE.glob("*.py")), *sorted(HERE.glob("languages/*.yml"))):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _off_topic() -> list[str]:
    return [json.loads(line)["text"] for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines()]


def _report(measured: Measured, target: float) -> None:
    _say(f"Measured on {measured.questions} example questions, each held back, clean and mistyped:")
    _say(f"  right article first {measured.first:.1%}, among the first three {measured.first_three:.1%}")
    _say(f"  answered at once {measured.answered:.1%}, asked back {measured.asked_back:.1%}")
    _say(f"  right article among the choices, when asked back {measured.among_choices:.1%}")
    _say(f"  off topic: answered {measured.off_topic_answered:.1%}, asked back {measured.off_topic_asked_back:.1%}")
    _say(f"  answers that are right {measured.precision:.1%}, at least {measured.precision_at_least:.1%} (90 % sure)")
    if not measured.promised:
        _say(f"  Too few example questions to promise {target:.0%}: it answers only where it is surest.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
