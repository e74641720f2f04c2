"""Keys that arrive one by one: which of them make an answer. Pure."""

from dataclasses import dataclass

from ivr.call import Prompt
from ivr.meaning import Heard

MOST_KEYS = 64
END = "#"


@dataclass(slots=True)
class Keypad:
    """One key answers an ordinary question; of a number each is kept until # or a pause ends it."""

    prompt: Prompt
    keys: str = ""

    def press(self, key: str) -> Heard | None:
        """None: more keys may follow."""
        if not self.prompt.keyed:
            return Heard(keys=key)
        if key == END:
            return Heard(keys=self.keys, key_pressed=True)
        self.keys = (self.keys + key)[:MOST_KEYS]
        return None

    def pause(self) -> Heard:
        """Nothing more came: what has been keyed in, or silence."""
        return Heard(keys=self.keys)
