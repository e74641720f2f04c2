"""Our Rasa beside the pipeline of `rasa init`, in one run: training, start, memory, time of a turn, turns a second.

Same training data, same actions (around a knowledge base in memory), same machine, one after the other.
`python -m benchmarks.rasa_turns [--seconds 8] [--ours-only]`; writes benchmarks/results/rasa.md. With stock's training
it takes about six minutes on two idle cores.
"""

import argparse
import asyncio
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx

from benchmarks.stock_environment import stock_rasa
from ops.embedded import EmbeddedRedis, free_port

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv-rasa" / "bin" / "python")
RESULT = Path(__file__).parent / "results" / "rasa.md"
TOKEN = "benchmark"
TURNS = ("hello", "my internet is really slow tonight", "go on without", "wifi", "why", "go back", "pardon", "thanks")
SENDERS = (1, 8, 32)
STOCK_CONFIG = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
- {name: DIETClassifier, epochs: 100, constrain_similarities: true}
- name: EntitySynonymMapper
- {name: ResponseSelector, epochs: 100, constrain_similarities: true}
- {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
policies:
- name: MemoizationPolicy
- name: RulePolicy
- {name: UnexpecTEDIntentPolicy, max_history: 5, epochs: 100}
- {name: TEDPolicy, max_history: 5, epochs: 100, constrain_similarities: true}
"""


@dataclass(slots=True)
class Figures:
    name: str
    train_s: float = 0.0
    start_s: float = 0.0
    memory_mb: float = 0.0
    p50_ms: float = 0.0
    cpu_ms: float = 0.0  # of Rasa's process, a turn: what the machine's other work does not change
    turns_a_second: dict[int, float] = field(default_factory=dict)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


def until_answers(url: str, child: subprocess.Popen[bytes], patience_s: float = 300) -> float:
    """Seconds until it answers 200."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience_s:
        if child.poll() is not None:
            raise RuntimeError(f"ended with {child.returncode}")
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return time.monotonic() - begun
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(url)


def memory_mb(child: subprocess.Popen[bytes]) -> float:
    lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def one_conversation(http: httpx.AsyncClient, path: str, took_ms: list[float]) -> None:
    sender = uuid4()
    for number, text in enumerate(TURNS):
        metadata = {"contact_id": str(sender), "turn_id": f"t{number}", "medium": "screen", "language": "en"}
        begun = time.perf_counter()
        reply = await http.post(path, json={"sender": sender.hex, "message": text, "metadata": metadata})
        took_ms.append((time.perf_counter() - begun) * 1000)
        if not reply.raise_for_status().json():
            raise RuntimeError(f"no reply to {text}")


async def load(url: str, path: str, senders: int, seconds: float) -> list[float]:
    """Milliseconds of every turn of so many customers at once, each beginning again when their conversation ends."""
    took_ms: list[float] = []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http:
        await one_conversation(http, path, [])
        until = time.monotonic() + seconds

        async def customer() -> None:
            while time.monotonic() < until:
                await one_conversation(http, path, took_ms)

        await asyncio.gather(*(customer() for _ in range(senders)))
    return took_ms


def cpu_s(child: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(figures: Figures, child: subprocess.Popen[bytes], url: str, path: str, seconds: float) -> None:
    for senders in SENDERS:
        cpu_before = cpu_s(child)
        begun = time.monotonic()
        took_ms = asyncio.run(load(url, path, senders, seconds))
        figures.turns_a_second[senders] = len(took_ms) / (time.monotonic() - begun)
        if senders == 1:
            figures.p50_ms = statistics.median(took_ms)
            figures.cpu_ms = (cpu_s(child) - cpu_before) * 1000 / (len(took_ms) + len(TURNS))
    figures.memory_mb = memory_mb(child)


def ours(folder: Path, environment: dict[str, str], seconds: float) -> Figures:
    figures = Figures("Firstline (`bot.server`, Redis)")
    begun = time.monotonic()
    trained = subprocess.run(
        [PYTHON, "-m", "bot.train", "--state", str(folder / "ours")],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    figures.train_s = time.monotonic() - begun
    port, model = free_port(), trained.stdout.split()[-1]
    command = [PYTHON, "-m", "bot.server", "--model", model, "--port", str(port)]
    with running(command, environment) as child:
        url = f"http://127.0.0.1:{port}"
        figures.start_s = until_answers(f"{url}/webhooks/firstline/health", child)
        measure(figures, child, url, "/webhooks/firstline/webhook", seconds)
    return figures


def stock(folder: Path, environment: dict[str, str], seconds: float) -> Figures:
    """As `rasa init` makes it and `rasa run` serves it: memory for its stores."""
    figures = Figures("stock (`rasa init`, `rasa run`, memory)")
    (folder / "config.yml").write_text(STOCK_CONFIG)
    (folder / "credentials.yml").write_text("rest:\n")
    address = environment["FIRSTLINE_INNER_URL"]
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: {address}/webhook\n")
    data = [str(ROOT / "data" / name) for name in ("nlu", "rules", "stories")]
    models = str(folder / "models")
    rasa = str(stock_rasa())
    begun = time.monotonic()
    subprocess.run(
        [
            rasa,
            "train",
            "--config",
            str(folder / "config.yml"),
            "--domain",
            "bot/domain",
            "--data",
            *data,
            "--out",
            models,
            "--fixed-model-name",
            "stock",
        ],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    figures.train_s = time.monotonic() - begun
    port = free_port()
    command = [
        rasa,
        "run",
        "--model",
        f"{models}/stock.tar.gz",
        "--port",
        str(port),
        "-i",
        "127.0.0.1",
        "--credentials",
        str(folder / "credentials.yml"),
        "--endpoints",
        str(folder / "endpoints.yml"),
    ]
    with running(command, environment) as child:
        url = f"http://127.0.0.1:{port}"
        figures.start_s = until_answers(url, child)
        measure(figures, child, url, "/webhooks/rest/webhook", seconds)
    return figures


def table(rows: list[Figures], load_average: float) -> str:
    head = [
        "Rasa 3.6.21",
        "train s",
        "start s",
        "memory MB",
        "p50 ms a turn",
        "CPU ms a turn",
        *(f"turns/s, {n} senders" for n in SENDERS),
    ]
    lines = [" | ".join(["", *head, ""]).strip(), "|" + "---|" * len(head)]
    for row in rows:
        rates = [f"{row.turns_a_second[senders]:.0f}" for senders in SENDERS]
        cells = [
            row.name,
            f"{row.train_s:.0f}",
            f"{row.start_s:.1f}",
            f"{row.memory_mb:.0f}",
            f"{row.p50_ms:.1f}",
            f"{row.cpu_ms:.1f}",
            *rates,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Our Rasa beside stock",
            "",
            f"{date.today():%d %B %Y}, {machine}, load average {load_average:.1f} when it began.",
            f"The same {len(TURNS)} turns, one custom action each, knowledge base in memory.",
            "Command: `python -m benchmarks.rasa_turns`.",
            "",
            *lines,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    parser.add_argument("--ours-only", action="store_true")
    options = parser.parse_args()
    load_average = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="firstline-rasa-"))
    redis = EmbeddedRedis.start(folder / "redis", log=folder / "redis.log")
    port = free_port()
    environment = {
        **os.environ,
        "REDIS_URL": redis.url,
        "FIRSTLINE_INTERNAL_TOKEN": TOKEN,
        "FIRSTLINE_INNER_URL": f"http://127.0.0.1:{port}",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),  # else a second run finds what the first has trained
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    inner = [
        sys.executable,
        "-m",
        "uvicorn",
        "benchmarks.actions_in_memory:app",
        "--port",
        str(port),
        "--no-access-log",
    ]
    try:
        with running(inner, environment) as child:
            until_answers(f"{environment['FIRSTLINE_INNER_URL']}/health", child)
            rows = [ours(folder, environment, options.seconds)]
            if not options.ours_only:
                rows.append(stock(folder, environment, options.seconds))
    finally:
        redis.child.stop()
        shutil.rmtree(folder, ignore_errors=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(table(rows, load_average))
    print(RESULT.read_text())


if __name__ == "__main__":
    main()
