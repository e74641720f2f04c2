"""What a customer is shown of a message: the domain's own buttons after those of the action."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from actions.wording import Wording

ROOT = Path(__file__).resolve().parents[2]


def _domain() -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        responses |= yaml.safe_load(file.read_text(encoding="utf-8")).get("responses", {})
    return {"responses": responses}


DOMAIN = _domain()
WORDING = Wording.read(ROOT / "bot" / "domain")


def buttons(message: dict[str, Any]) -> Sequence[dict[str, Any]]:
    static = DOMAIN["responses"].get(message.get("response") or "", [{}])[0].get("buttons", [])
    return sorted([*message["buttons"], *static], key=lambda button: bool(button.get("last")))


def titles(message: dict[str, Any]) -> list[str]:
    """The choices of a message, in the order shown."""
    return [str(button["title"]) for button in buttons(message)]


def bot_event(message: dict[str, Any]) -> dict[str, Any]:
    """What Rasa remembers of it."""
    text = message.get("body") or message.get("text") or message.get("response")
    return {"event": "bot", "text": text, "data": {"buttons": buttons(message), "custom": message["custom"]}}
