"""What the chat itself says: `words/<language>.yml`, by section and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """Every language's words. A key a language lacks is said in the fallback language."""

    by_language: Mapping[str, Mapping[str, Mapping[str, str]]]
    fallback: str
    operator: str

    def say(self, language: str, key: str, **values: object) -> str:
        """`key` is "section.name"; `{operator}` is always known."""
        section, name = key.split(".")
        spoken = self.by_language.get(language, {}).get(section, {})
        text = spoken.get(name) or self.by_language[self.fallback][section][name]
        return text.format(operator=self.operator, **values)

    def known(self, language: str | None) -> str:
        """The language asked for where we have its words (`en-GB` is `en`), else the fallback."""
        base = (language or "").split("-")[0].lower()
        return base if base in self.by_language else self.fallback

    def labels(self) -> dict[str, dict[str, str]]:
        """The chat window's labels, by language. Its way back to the assistant is the choice of that name."""
        return {
            language: {**sections.get("widget", {}), "back": self.say(language, "choices.go_on")}
            for language, sections in self.by_language.items()
        }


def load(*, fallback: str, operator: str, folder: Path = HERE) -> Words:
    """Raises FileNotFoundError where neither the operator's language nor English has a file."""
    files = sorted(folder.glob("*.yml"))
    by_language = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}
    if "en" not in by_language and fallback not in by_language:
        raise FileNotFoundError(f"no words for {fallback!r} in {folder}")
    return Words(by_language, fallback if fallback in by_language else "en", operator)
