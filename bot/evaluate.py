"""How well the assistant tells intents apart, on words it was not trained on (data/eval/intents.yml)."""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

HELD_OUT = Path("data/eval/intents.yml")
QUESTIONS = Path("data/eval/questions.jsonl")
ACCOUNT = (
    "bill_",
    "payment_",
    "usage_",
    "plan_",
    "change_plan",
    "addon_",
    "roaming_",
    "topup",
    "puk",
    "sim_",
    "cancel_service",
    "move_house",
    "loyalty_",
    "password_",
    "pin_",
)  # intents that only the customer's own account answers
SURE = 0.7  # below it the knowledge base decides (actions/app.py)
UNSURE = "nlu_fallback"
QUESTION = "support_question"  # where the rules send what is not recognised


def held_out() -> Iterator[Tuple[str, str]]:
    import ruamel.yaml

    intents = ruamel.yaml.YAML(typ="safe").load(HELD_OUT.read_text(encoding="utf-8"))["intents"]
    return ((text, intent) for intent, texts in intents.items() for text in texts)


def questions() -> List[str]:
    return [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


async def measure(model: str) -> Dict[str, List[Tuple[str, str, float]]]:
    """By the intent that is right: each text with the intent it was taken for, and the confidence."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    results: Dict[str, List[Tuple[str, str, float]]] = {}
    for text, right in held_out():
        parsed = await agent.parse_message(text)
        taken_for = parsed["intent"]["name"].replace(UNSURE, QUESTION)
        results.setdefault(right, []).append((text, taken_for, parsed["intent"]["confidence"]))
    return results


async def taken_for_account(model: str) -> List[Tuple[str, str, float]]:
    """Customers' questions that go to their own account, not to the knowledge base; a person judges if rightly."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    found = []
    for text in questions():
        intent = (await agent.parse_message(text))["intent"]
        if intent["name"].startswith(ACCOUNT) and intent["confidence"] >= SURE:
            found.append((intent["name"], text, intent["confidence"]))
    return sorted(found)


def report(results: Dict[str, List[Tuple[str, str, float]]]) -> str:
    """Accuracy in all and by intent, then every mistake."""
    hits = Counter({intent: sum(taken == intent for _, taken, _ in rows) for intent, rows in results.items()})
    total = sum(len(rows) for rows in results.values())
    lines = [f"{intent:18} {hits[intent]:3} of {len(rows):3}" for intent, rows in results.items()]
    lines += [
        f"  {right} taken for {taken} ({confidence:.2f}): {text}"
        for right, rows in results.items()
        for text, taken, confidence in rows
        if taken != right
    ]
    return "\n".join([*lines, f"accuracy {sum(hits.values()) / total:.3f} on {total} utterances"])


def main() -> None:
    from bot.server import ENVIRONMENT, quiet
    from bot.train import train

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=Path(os.environ.get("FIRSTLINE_STATE", ".firstline")))
    parser.add_argument("--questions", action="store_true", help=f"which texts of {QUESTIONS} go to the account")
    options = parser.parse_args()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    quiet()
    if options.questions:
        taken = asyncio.run(taken_for_account(str(train(options.state / "models"))))
        lines = [f"  {intent} ({sure:.2f}): {text}" for intent, text, sure in taken]
        sys.stdout.write("\n".join([*lines, f"{len(taken)} questions go to the account"]) + "\n")
        return
    sys.stdout.write(report(asyncio.run(measure(str(train(options.state / "models"))))) + "\n")


if __name__ == "__main__":
    main()
