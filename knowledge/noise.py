"""Typing errors as people make them, made on purpose: the same text and seed give the same errors."""

import random
from zlib import crc32

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "o",
    "a": "sqz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jli", "l": "ko",
    "z": "xa", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "nj",
}  # fmt: skip


def mistyped(text: str, share: float, seed: int = 0) -> str:
    """`text` with about that share of its letters left out, doubled, swapped with the next, or hit beside."""
    chance = random.Random(crc32(text.encode()) ^ seed)  # noqa: S311  # errors, not secrets
    letters = list(text)
    for place, letter in enumerate(letters):
        if not letter.isalpha() or chance.random() >= share:
            continue
        kind = chance.randrange(4)
        if kind == 0:
            letters[place] = ""
        elif kind == 1:
            letters[place] = letter * 2
        elif kind == 2 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letter
        else:
            letters[place] = chance.choice(_NEIGHBOURS.get(letter.lower(), letter))
    return "".join(letters)
