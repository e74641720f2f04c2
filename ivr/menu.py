"""The keypad menu: at most four options a level, each with a key, spoken words, and what it leads to."""

from dataclasses import dataclass

from ivr.words import Option, Words

TOP = "main"
MOST_OPTIONS = 4  # a caller cannot keep more in mind


@dataclass(frozen=True, slots=True)
class Choice:
    """What the caller chose in the menu: another level, or words for the assistant."""

    label: str
    opens: str | None
    send: str | None


def labels(words: Words, level: str) -> tuple[str, ...]:
    """In the order of their keys: the first is key 1."""
    return tuple(option.label for option in words.menu[level].options)


def by_key(words: Words, level: str, key: str) -> Choice | None:
    options = words.menu[level].options
    index = int(key) - 1 if key.isdigit() else -1
    return _choice(options[index]) if 0 <= index < len(options) else None


def by_words(words: Words, level: str, said: str) -> Choice | None:
    """Only when the caller said an option and nothing more: a whole sentence is for the assistant."""
    plain = words.plain(said)
    for option in words.menu[level].options:
        if plain in {words.plain(phrase) for phrase in (option.label, *option.says)}:
            return _choice(option)
    return None


def above(words: Words, level: str) -> str:
    """The level that opens this one; the top is above itself."""
    for name, parent in words.menu.items():
        if any(option.opens == level for option in parent.options):
            return name
    return TOP


def vocabulary(words: Words) -> tuple[str, ...]:
    """The commands, then every word and phrase of the menu, as hints for speech recognition."""
    phrases = [
        phrase for level in words.menu.values() for option in level.options for phrase in (option.label, *option.says)
    ]
    commands = [phrase for command in ("person", "repeat", "back") for phrase in words.commands[command][:3]]
    return tuple(dict.fromkeys([*commands, *phrases]))


def _choice(option: Option) -> Choice:
    return Choice(label=option.label, opens=option.opens, send=option.send)
