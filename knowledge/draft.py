"""Makes a build beside the live one: embeds what changed, learns how far to trust it, writes it."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

import settings as all_settings
from knowledge import people
from knowledge.article import Article
from knowledge.calibrate import Measured, calibrate
from knowledge.decide import ask
from knowledge.embedded import Embedded
from knowledge.encoder import BUNDLED, FullModel
from knowledge.index import Index, flat
from knowledge.library import Library, files
from knowledge.light import LightModel, is_light
from knowledge.passages import passages
from knowledge.rows import Mask, Owner, Places
from knowledge.samples import Encode, Sample, Strangers, in_scope_samples, off_topic_samples, parts
from knowledge.store import Draft, Store
from knowledge.teaching import Lessons, every, taught
from knowledge.tuning import Course

HERE = Path(__file__).parent
ARTICLES = HERE / "articles"
OFF_TOPIC = all_settings.ROOT / "data" / "eval" / "off_topic_build.jsonl"

_IN_SCOPE_AT_LEAST = (0.95, 0.98)  # an invented answer is worse than none
_OFF_TOPIC_ANSWERED = 0.002  # of texts that a taught model was taught to push away, so that others stay away too
_HELD_BACK = 5  # one question in so many is not taught, so that what was taught can be measured
_ORDINARY_AT_MOST = 3000  # questions that show what needs no person
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    name: str
    measured: Measured


def make_draft(
    settings: all_settings.Settings,
    store: Store,
    articles: Path,
    library: Library,
    *,
    again: bool,
    light: bool,
    teaching: bool | None,
    say: Say,
) -> Made | None:
    """A build beside the live one, under a name of its own; None when nothing changed."""
    base = settings.knowledge_model or BUNDLED
    model_name = _model_now(store, base) if teaching is None else base
    fingerprint = _fingerprint(articles, settings, model_name)
    if store.is_live(fingerprint) and not again:
        return None
    store.folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    texts, owner = flat(wordings(library.articles))
    nothing = _off_topic()
    questions = _questions(library.articles, owner)
    if teaching:
        model_name = _teach(store, base, Lessons(texts, owner, nothing, questions), say)
        fingerprint = _fingerprint(articles, settings, model_name)
    encode = _encoding(model_name, store.model_folder(model_name), light=light, say=say)
    embed = Embedded(store, model_name, encode, say)
    said = [passages(article) for article in library.articles]
    index = Index.of(
        wordings(library.articles), embed(texts), embed(nothing), said, embed([text for some in said for text in some])
    )
    say(f"{len(texts)} wordings and {sum(map(len, said))} sentences; measuring ...")
    unseen = _not_taught(store.model_folder(model_name), texts, questions)
    judge, measured, _ = calibrate(
        list(_samples(library.articles, index, unseen, nothing, embed)),
        settings.knowledge_target_precision,
        in_scope_at_least=_IN_SCOPE_AT_LEAST,
        off_topic_answered=_OFF_TOPIC_ANSWERED,
    )
    recognisers = _people(library.articles, embed)
    name = store.new_name(fingerprint)
    store.write(Draft(name, model_name, library.articles, index, judge, recognisers, library.flows))
    embed.keep()
    (store.folder / name / "measured.json").write_text(json.dumps(asdict(measured), indent=1))
    say(f"{embed.new} texts were embedded. Index {name} is made after {time.perf_counter() - began:.0f} s.")
    return Made(name, measured)


def _encoding(model_name: str, folder: Path, *, light: bool, say: Say) -> Encode:
    """With the light form, where there is one or can be: it embeds five times as fast as PyTorch."""
    if not light:
        return FullModel(model_name, folder).encode
    if not is_light(folder):
        full = FullModel(model_name, folder)
        if not full.prepare(folder):
            return full.encode
        say("The light form of the model is ready.")
    return LightModel(model_name, folder).encode_many


def wordings(articles: Sequence[Article]) -> list[tuple[str, ...]]:
    """Every way each article is asked for."""
    return [(*article.questions, article.label) for article in articles]


def _questions(articles: Sequence[Article], owner: Owner) -> Places:
    """The rows that are example questions: all but each article's last, which is its label."""
    return np.flatnonzero(np.diff(owner, append=len(articles)) == 0)


def _samples(
    articles: Sequence[Article], index: Index, askable: Places, nothing: list[str], encode: Encode
) -> list[Sample]:
    texts, _ = flat(wordings(articles))
    languages = np.asarray([article.language for article in articles])
    topics = np.asarray([article.topic for article in articles])

    def allowed(place: int) -> tuple[Mask, Mask]:
        offered = languages == languages[place]
        return offered, offered & (topics != topics[place])

    strangers = Strangers(index, np.unique(topics, return_inverse=True)[1])
    samples = [
        sample for part in parts(index, texts, askable) for sample in in_scope_samples(part, encode, allowed, strangers)
    ]
    for language in sorted(set(languages.tolist())):
        said = [ask(text, language) for text in nothing]
        samples += off_topic_samples(index, said, encode(said), languages == language)
    return samples


def _people(articles: Sequence[Article], encode: Encode) -> people.People:
    by_language = {}
    for language in sorted({article.language for article in articles}):
        examples = people.Examples.of(language)
        if not examples.kinds:
            continue
        ordinary = [
            question
            for article in articles
            if article.language == language and article.hand_over.when != "always"
            for question in article.questions
        ]
        every_nth = max(1, len(ordinary) // _ORDINARY_AT_MOST)
        by_language[language] = people.learn(
            examples,
            [encode(texts) for _, texts in examples.kinds],
            encode([*examples.near_misses, *ordinary[::every_nth]]),
        )
    return people.People(by_language)


def _teach(store: Store, base: str, lessons: Lessons, say: Say) -> str:
    """The name of the taught model, which is saved with the texts it was taught."""
    course = Course()
    learned = sha256(json.dumps([base, *lessons.texts, *lessons.nothing, asdict(course)]).encode()).hexdigest()[:12]
    name = f"{base}+{learned}"
    folder = store.model_folder(name)
    if (folder / "taught.json").exists():
        say("The model has been taught these questions before.")
        return name
    held = every(_HELD_BACK, lessons.askable, course.seed)
    model = taught(base, lessons, course, say, held)
    model.save(folder)
    unseen = set(held.tolist())
    kept = [text for row, text in enumerate(lessons.texts) if row not in unseen]
    (folder / "taught.json").write_text(json.dumps(kept))
    return name


def _model_now(store: Store, base: str) -> str:
    """The taught form of that model, when the live index uses one that is still there."""
    try:
        live = (store.folder / (store.live_name() or "nothing") / "model").read_text()
    except FileNotFoundError:
        return base
    is_taught = live.startswith(f"{base}+") and (store.model_folder(live) / "taught.json").exists()
    return live if is_taught else base


def taught_texts(folder: Path) -> frozenset[str]:
    """What the model of that folder was taught; nothing, for a model as it comes."""
    file = folder / "taught.json"
    return frozenset(json.loads(file.read_text())) if file.exists() else frozenset()


def _not_taught(folder: Path, texts: Sequence[str], questions: Places) -> Places:
    """The questions that can still show what the model is worth."""
    known = taught_texts(folder)
    return np.asarray([row for row in questions.tolist() if texts[row] not in known], dtype=np.int64)


def _fingerprint(articles: Path, settings: all_settings.Settings, model: str) -> str:
    """Changes with anything the index is made from: files, this code, the model, the target."""
    digest = sha256(f"{model}\n{settings.knowledge_target_precision}".encode())
    for file in (*files(articles), OFF_TOPIC, *sorted(HERE.glob("*.py")), *sorted(HERE.glob("languages/*.yml"))):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _off_topic() -> list[str]:
    return [json.loads(line)["text"] for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines()]
