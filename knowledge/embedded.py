"""Vectors of texts, kept on disk: what was embedded before is not embedded again."""

from collections.abc import Callable, Sequence

import numpy as np

from knowledge.lexicon import Numbers
from knowledge.samples import Encode
from knowledge.store import Store, text_key

_AT_ONCE = 2000  # texts between two words on how far it is


class Embedded:
    """Forgets what is no longer used."""

    def __init__(self, store: Store, model: str, encode: Encode, say: Callable[[str], None]) -> None:
        self._store, self._model, self._encode, self._say = store, model, encode, say
        self._before = store.vectors()
        self._used: dict[str, Numbers] = {}
        self.new = 0

    def __call__(self, texts: Sequence[str]) -> Numbers:
        by_key = {text_key(self._model, text): text for text in texts}
        missing = [key for key in by_key if key not in self._before and key not in self._used]
        for begin in range(0, len(missing), _AT_ONCE):
            some = missing[begin : begin + _AT_ONCE]
            self._used |= zip(some, self._encode([by_key[key] for key in some]), strict=True)
            if len(missing) > _AT_ONCE:
                self._say(f"Embedded {begin + len(some)} of {len(missing)} texts.")
        self._used |= {key: self._before[key] for key in by_key if key in self._before}
        self.new += len(missing)
        if not texts:
            return np.asarray(self._encode([]), dtype=np.float32)
        return np.stack([self._used[text_key(self._model, text)] for text in texts])

    def keep(self) -> None:
        self._store.keep_vectors(self._used)
