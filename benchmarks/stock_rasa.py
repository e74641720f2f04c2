"""What a user would pick instead of Firstline: stock Rasa as a bot of frequently asked questions, as its guide says.

Default pipeline of `rasa init`, a ResponseSelector over one retrieval intent, and the FallbackClassifier.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from benchmarks.rasa_turns import STOCK_CONFIG, memory_mb, running, until_answers
from benchmarks.stock_environment import stock_rasa
from ops.embedded import free_port

FALLBACK = "I am not sure I understood you. Could you say it in other words?"


class TooLong(Exception):
    """Training took more than it may."""


@dataclass(frozen=True)
class Trained:
    folder: Path
    model: Path
    train_s: float
    responses: Mapping[str, str]  # words that it says -> name of what it found


def train(
    folder: Path, questions: Mapping[str, Sequence[str]], answers: Mapping[str, str], at_most_s: float
) -> Trained:
    """`questions` and `answers` by name. Raises `TooLong`, and `CalledProcessError` when Rasa refuses."""
    folder.mkdir(parents=True)
    data: dict[str, dict[str, Any]] = {
        "config.yml": yaml.safe_load(STOCK_CONFIG),
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
        "domain.yml": {
            "version": "3.1",
            "intents": [{"faq": {"is_retrieval_intent": True}}, "nlu_fallback", "greet"],
            "responses": {
                **{f"utter_faq/{name}": [{"text": text}] for name, text in answers.items()},
                "utter_default": [{"text": FALLBACK}],
                "utter_greet": [{"text": "Hello, how can I help?"}],
            },
            "actions": ["utter_faq"],
        },
        "data.yml": {
            "version": "3.1",
            "nlu": [
                *(
                    {"intent": f"faq/{name}", "examples": "".join(f"- {_plain(text)}\n" for text in texts)}
                    for name, texts in questions.items()
                ),
                {"intent": "greet", "examples": "- hello\n- hi\n- good morning\n- hey there\n"},
            ],
            "rules": [
                {"rule": "answer", "steps": [{"intent": "faq"}, {"action": "utter_faq"}]},
                {"rule": "fallback", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_default"}]},
                {"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]},
            ],
        },
    }
    for name, content in data.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    rasa = str(stock_rasa())
    begun = time.monotonic()
    try:
        subprocess.run(
            [
                rasa, "train", "--config", "config.yml", "--domain", "domain.yml",
                "--data", "data.yml", "--out", "models", "--fixed-model-name", "peer",
            ],
            cwd=folder, env=_environment(folder), check=True, capture_output=True, timeout=at_most_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise TooLong(f"not trained after {at_most_s:.0f} s") from late
    responses = {_words(text): name for name, text in answers.items()}
    return Trained(folder, folder / "models" / "peer.tar.gz", time.monotonic() - begun, responses)


@dataclass
class Peer:
    """A running one."""

    url: str
    start_s: float
    child: subprocess.Popen[bytes]
    responses: Mapping[str, str]

    async def found(self, http: httpx.AsyncClient, sender: str, text: str) -> str | None:
        """The name of what it answers with; None when it says that it did not understand."""
        reply = await http.post(f"{self.url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
        said = " ".join(message.get("text", "") for message in reply.raise_for_status().json())
        return self.responses.get(_words(said))

    @property
    def memory_mb(self) -> float:
        return memory_mb(self.child)


@contextmanager
def serving(trained: Trained) -> Iterator[Peer]:
    port = free_port()
    command = [
        str(stock_rasa()), "run", "--model", str(trained.model), "--port", str(port), "-i",
        "127.0.0.1", "--credentials", str(trained.folder / "credentials.yml"),
        "--endpoints", str(trained.folder / "endpoints.yml"),
    ]  # fmt: skip
    with running(command, _environment(trained.folder)) as child:
        url = f"http://127.0.0.1:{port}"
        yield Peer(url, until_answers(url, child), child, trained.responses)


def _plain(text: str) -> str:
    """Without what Rasa's training format reads as an entity."""
    return text.translate(str.maketrans("[]{}()", "      ")).strip().lstrip("/")


def _words(text: str) -> str:
    """Of an answer, however its lines are broken; its paragraphs arrive as messages of their own."""
    return " ".join(text.split())


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
