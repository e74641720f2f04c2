"""A conversation written down: what the customer says, and what the assistant must make of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from pydantic import BaseModel, ConfigDict

from bot.client import BotClient, BotMessage, Medium

FOLDER = Path(__file__).parent
ANY = "*"  # at the end of `says`: anything more may be said
CODE = "<code>"  # as `customer`: the one-time code that was texted to `mobile`


class Line(BaseModel):
    """One turn. Without `customer` it is the welcome. `about`, `handover` and `signals` name what must be in them;
    `steps` the answers that the ticket holds, by step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer: str | None = None
    says: tuple[str, ...]
    text: str = ""
    choices: tuple[str, ...] = ()
    about: dict[str, Any] = {}
    handover: dict[str, Any] = {}
    signals: dict[str, Any] = {}
    steps: dict[str, str] = {}
    expects: str | None = None
    closing: bool = False


class Script(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    medium: Medium = "screen"
    language: str = "en"
    caller: str | None = None
    mobile: str = ""  # E.164, of the customer who proves it is them by a code
    turns: tuple[Line, ...]


def scripts() -> dict[str, Script]:
    """By file name."""
    return {
        file.stem: Script.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in sorted(FOLDER.glob("*.yml"))
    }


async def play(script: Script, bot: BotClient, texted: Callable[[str], Awaitable[str]]) -> list[str]:
    """Have the conversation; the differences, one line each, empty when it went as written. `texted` is the code that a
    number was sent."""
    contact, differences, expects = uuid4(), [], None
    for number, line in enumerate(script.turns):
        where = {"medium": script.medium, "language": script.language, "caller": script.caller}
        turn = f"t{number}"
        if line.customer is None:
            messages = await bot.start(contact, turn_id=turn, **where)  # type: ignore[arg-type]  # of mixed types
        else:
            words = await texted(script.mobile) if line.customer == CODE else line.customer
            messages = await bot.send(contact, words, turn_id=turn, expects=expects, **where)  # type: ignore[arg-type]
        expects = messages[-1].expects
        differences += [f"turn {number} ({line.customer}): {wrong}" for wrong in compare(line, messages)]
    return differences


def compare(line: Line, messages: Sequence[BotMessage]) -> list[str]:
    """What is not as the line wants it."""
    said = tuple(str(message.about.get("response")) for message in messages)
    wanted = line.says
    if wanted[-1:] == (ANY,):
        wanted, said = wanted[:-1], said[: len(wanted) - 1]
    told: dict[str, Any] = {key: value for message in messages for key, value in message.about.items()}
    handover: dict[str, Any] = next((message.handover for message in reversed(messages) if message.handover), {})
    choices = {choice for message in messages for choice in message.choices}
    wrong = []
    if said != wanted:
        wrong.append(f"says {list(said)}, not {list(wanted)}")
    if line.text not in " ".join(message.text for message in messages):
        wrong.append(f"{line.text!r} is not in the text")
    if missing := set(line.choices) - choices:
        wrong.append(f"does not offer {sorted(missing)}")
    wrong += _lacking("about", line.about, told)
    wrong += _lacking("handover", line.handover, handover)
    signals = handover.get("signals") or {}
    wrong += _lacking("signals", line.signals, signals)
    wrong += _lacking("steps", line.steps, {step["step"]: step["result"] for step in signals.get("steps", ())})
    if line.expects and line.expects not in {message.expects for message in messages}:
        wrong.append(f"does not expect {line.expects}")
    if line.closing != any(message.closing for message in messages):
        wrong.append("closing is not as written")
    return wrong


def _lacking(name: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} has {key}: {found.get(key)!r}, not {value!r}"
        for key, value in wanted.items()
        if found.get(key) != value
    ]
