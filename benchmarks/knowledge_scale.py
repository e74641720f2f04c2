"""How a very large knowledge base serves, on one core: time of a decision, memory, what it finds; and the live one.

    .venv/bin/python -m benchmarks.knowledge_scale [--articles 100000] [--questions 2000] [--write]

Needs the live index (`python -m knowledge.build`): the large one borrows its model, its judge and its people. The large
one is made in a temporary folder, or in `--folder`, where a later run finds it again. It is asked in a fresh process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import settings as all_settings
from benchmarks import machine
from benchmarks.synthetic import QUESTIONS, SENTENCES, World, nothing
from knowledge.cases import QUESTIONS as OURS
from knowledge.cases import lines_of
from knowledge.decide import Question
from knowledge.decision import Context
from knowledge.draft import wordings
from knowledge.encoder import Encoder, Model
from knowledge.index import Index
from knowledge.light import LightModel, Vectors
from knowledge.opened import Opened
from knowledge.parts import parts_of
from knowledge.passages import passages
from knowledge.shelf import Shelf
from knowledge.store import Build, Draft, Store
from knowledge.words import Words

RESULT = all_settings.ROOT / "benchmarks" / "results" / "scale.md"
NAME = "large"
TARGET_P95_MS, TARGET_MB = 40.0, 1500.0
TARGET_LIVE_MS = (15.0, 30.0)  # p50, p95 of a short question
_LOOKED_AT = 500  # questions whose ranking is looked at
_WARM = 50  # questions before the clock counts: the operating system reads what is asked for most


class Planted:
    """The real model's time, and an invented vector."""

    def __init__(self, model: Model, texts: Sequence[str], vectors: Vectors) -> None:
        self.name = model.name
        self.spent_s = 0.0
        self._model, self._vectors = model, dict(zip(texts, vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        real = self._model.encode(texts)
        self.spent_s += time.perf_counter() - began
        return np.stack([self._vectors.get(text, vector) for text, vector in zip(texts, real, strict=True)])

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        return self.encode([text, *parts])


def build(folder: Path, count: int, questions: int, live: Build) -> dict[str, float]:
    """Seconds by step. The questions to be asked are written beside the index."""
    taken = {}
    began = time.perf_counter()
    world = World.of(count)
    said = [passages(article) for article in world.articles]
    vectors, passage_vectors = world.wording_vectors(), world.passage_vectors([len(some) for some in said])
    taken["inventing"] = time.perf_counter() - began
    began = time.perf_counter()
    index = Index.of(wordings(world.articles), vectors, nothing(300), said, passage_vectors)
    taken["index"] = time.perf_counter() - began
    began = time.perf_counter()
    Store(folder).write(Draft(NAME, live.model, world.articles, index, live.judge, live.people, ()))
    taken["writing"] = time.perf_counter() - began
    texts, asked, right = world.planted(questions)
    np.savez(folder / "questions.npz", texts=np.asarray(texts), vectors=asked, right=np.asarray(right))
    (folder / "built.json").write_text(json.dumps(taken))
    return taken


def ask(folder: Path, live: Store, questions: int) -> dict[str, Any]:
    """What a process that serves the large index needs."""
    began = time.perf_counter()
    with np.load(folder / "questions.npz") as saved:
        texts, right = (saved[name].tolist()[:questions] for name in ("texts", "right"))
        vectors = saved["vectors"][:questions]
    large = Store(folder).load(NAME)
    planted = Planted(LightModel(large.model, live.model_folder(large.model)), texts, vectors)
    opened = Opened(large, Encoder(planted))
    opened.encoder.warm_up()
    start_s = time.perf_counter() - began
    whole, without, resident = [], [], []
    for number, text in enumerate(texts):
        began, before = time.perf_counter(), planted.spent_s
        opened.decide_now(text, Context())
        spent = time.perf_counter() - began
        resident.append(psutil.Process().memory_info().rss / 1e6)
        if number >= _WARM:
            whole.append(spent * 1000)
            without.append((spent - planted.spent_s + before) * 1000)
    memory = _memory()
    found = sum(
        article_id in _first_three(opened, text)
        for text, article_id in zip(texts[:_LOOKED_AT], right[:_LOOKED_AT], strict=True)
    )
    opened.close()
    return {
        "articles": len(large.catalogue),
        "wordings": len(large.index.wordings.owner),
        "sentences": len(large.index.passages.owner) if large.index.passages else 0,
        "start_s": start_s,
        "whole": _times(whole),
        "without": _times(without),
        "found": found / len(texts[:_LOOKED_AT]),
        "questions": len(texts),
        **memory,
        "most_mb": max(resident),
    }


def _first_three(opened: Opened, text: str) -> list[str]:
    ranking = opened.rank(Question(text, opened.encoder.vector_now(text)), Context())
    return [opened.build.catalogue.article(place).id for place in ranking.places[:3]]


def ask_live(live: Store, questions: int) -> dict[str, Any]:
    """Our own questions, short ones and messages of several sentences."""
    opened = Opened.load(live)
    lines = [line["text"] for line in lines_of(OURS)]
    words = Words.of("en")
    short = [text for text in lines if not parts_of(text, words)][:questions]
    joined = [f"{one}. {two}. Also {three}" for one, two, three in zip(lines, lines[7:], lines[13:], strict=False)]
    long = [text for text in joined if parts_of(text, words)][: len(short) // 2]
    for text in short[:10]:
        opened.decide_now(f"{text} please", Context())
    shown = {
        "articles": len(opened.build.catalogue),
        "short": _times([_decided_ms(opened, text) for text in short]),
        "long": _times([_decided_ms(opened, text) for text in long]),
        "counts": (len(short), len(long)),
        **_memory(),
    }
    opened.close()
    return shown


def _decided_ms(opened: Opened, text: str) -> float:
    began = time.perf_counter()
    opened.decide_now(f"{text} ", Context())
    return (time.perf_counter() - began) * 1000


def _times(taken_ms: Sequence[float]) -> tuple[float, float]:
    return float(np.percentile(taken_ms, 50)), float(np.percentile(taken_ms, 95))


def _memory() -> dict[str, float]:
    """MB of this process; of `rss_mb`, `file_mb` are pages of files, which the system can take back."""
    full = psutil.Process().memory_full_info()
    lines = Path("/proc/self/status").read_text().splitlines()
    files = next((int(line.split()[1]) / 1000 for line in lines if line.startswith("RssFile")), 0.0)
    return {"rss_mb": full.rss / 1e6, "uss_mb": full.uss / 1e6, "file_mb": files}


def report(large: dict[str, Any], live: dict[str, Any], built: dict[str, float], load: float) -> str:
    p50, p95 = live["short"]
    rows = [
        ("decision, model included", large["whole"], f"p95 under {TARGET_P95_MS:.0f}"),
        ("decision, without the model", large["without"], ""),
        (
            f"the live index ({live['articles']} articles), {live['counts'][0]} short questions",
            (p50, p95),
            "p50 under {:.0f}, p95 under {:.0f}".format(*TARGET_LIVE_MS),
        ),
        (f"the live index, {live['counts'][1]} messages of three parts", live["long"], ""),
    ]
    steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in built.items())
    return "\n".join(
        [
            f"{machine.description()}, load average {load:.1f}, one core.",
            f"Command: `python -m benchmarks.knowledge_scale --articles {large['articles']}`.",
            "",
            f"{large['articles']:,} invented articles of {QUESTIONS} questions, a title and {SENTENCES} sentences: "
            f"{large['wordings']:,} wordings, {large['sentences']:,} sentences. Their vectors and those of the "
            f"{large['questions']:,} questions are invented too (benchmarks/synthetic.py): a topic's direction, the "
            "article's own and chance. The time of the model is that of the real light one, reading each question.",
            "",
            "| one question at a time | p50 ms | p95 ms | target |",
            "|---|---|---|---|",
            *(f"| {name} | {times[0]:.1f} | {times[1]:.1f} | {target} |" for name, times, target in rows),
            "",
            "| a fresh process that serves it | |",
            "|---|---|",
            f"| most resident memory in {large['questions']:,} questions (target: under {TARGET_MB:.0f} MB) "
            f"| {large['most_mb']:.0f} MB |",
            f"| resident after the last one; of that, pages of files, which the system can take back "
            f"| {large['rss_mb']:.0f} MB; {large['file_mb']:.0f} MB |",
            f"| its own alone (USS) | {large['uss_mb']:.0f} MB |",
            f"| start, model included | {large['start_s']:.1f} s |",
            f"| planted article among the first three | {large['found']:.1%} |",
            f"| made in | {steps} |",
            f"| the live index: resident, own | {live['rss_mb']:.0f} MB, {live['uss_mb']:.0f} MB |",
        ]
    )


def _in_a_fresh_process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.knowledge_scale", *arguments]
    done = subprocess.run(command, cwd=all_settings.ROOT, check=True, capture_output=True, text=True)
    shown: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return shown


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--folder", type=Path, help="keep the large index there, and use the one that is there")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/scale.md")
    parser.add_argument("--ask", choices=("large", "live"), help="what the fresh processes are started with")
    options = parser.parse_args()
    live = Store(Shelf.folder_of(all_settings.load()))
    if options.ask:
        _one_core()
        asked = ask(options.folder, live, options.questions) if options.ask == "large" else ask_live(live, 500)
        print(json.dumps(asked))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        made = folder / "built.json"
        if not made.exists():
            build(folder, options.articles, options.questions, live.load())
        large = _in_a_fresh_process("--ask", "large", "--folder", str(folder), "--questions", str(options.questions))
        built = json.loads(made.read_text())
    table = report(large, _in_a_fresh_process("--ask", "live"), built, load)
    print(table)
    if options.write:
        RESULT.write_text(f"# A very large knowledge base\n\n{table}\n")


if __name__ == "__main__":
    main()
