"""Errors as people and machines make them, made on purpose: the same text and seed give the same errors."""

import random
from zlib import crc32

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "o",
    "a": "sqz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jli", "l": "ko",
    "z": "xa", "x": "zcs", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "nj",
}  # fmt: skip

# What sounds alike in English: whole words first, then pieces of words, each with what is heard instead.
_HEARD_AS = {
    "wifi": "why fi", "router": "rooter", "bill": "bell", "roaming": "roman", "sim": "seem", "data": "dater",
    "broadband": "broad band", "esim": "e seem", "signal": "single", "landline": "land line", "modem": "mode em",
    "to": "two", "for": "four", "no": "know", "their": "there", "your": "you're", "by": "buy", "mail": "male",
    "write": "right", "week": "weak", "wait": "weight", "our": "hour", "hear": "here", "new": "knew", "one": "won",
    "charged": "charge", "charges": "charge is", "cancel": "council", "refund": "re fund", "port": "pot", "pac": "pack",
    "puk": "puck", "mast": "must", "fibre": "fiber", "hub": "hop", "plan": "plane", "text": "tax", "texts": "tax",
    "phone": "foam", "loading": "loathing", "dropping": "dropping in", "slow": "so low", "credit": "edit",
}  # fmt: skip
_SOUNDS_LIKE = (
    ("th", "f"), ("v", "f"), ("b", "p"), ("d", "t"), ("g", "k"), ("z", "s"), ("ck", "g"), ("m", "n"), ("ee", "i"),
    ("ea", "e"), ("oo", "u"), ("ai", "e"), ("ow", "oh"), ("er", "a"), ("ing", "in"), ("s", ""), ("ed", ""),
)  # fmt: skip
_FILLERS = ("um", "uh", "like", "you know", "the", "and", "er")


def mistyped(text: str, share: float, seed: int = 0) -> str:
    """`text` with about that share of its letters left out, doubled, swapped with the next, or hit beside."""
    chance = _chance(text, seed)
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
    wrong = "".join(letters)
    return wrong if wrong.strip() else text


def misheard(text: str, share: float, seed: int = 0) -> str:
    """`text` as speech recognition writes it: small letters without punctuation, and about that share of its words
    heard as something that sounds alike, left out, or with a filler before."""
    chance = _chance(text, seed)
    words = []
    plain = "".join(letter if letter.isalnum() or letter in " '" else " " for letter in text.lower()).split()
    for word in plain:
        if chance.random() >= share:
            words.append(word)
        elif (kind := chance.random()) < 0.6:
            words.append(_alike(word, chance))
        elif kind < 0.8:
            words += [chance.choice(_FILLERS), word]
    return " ".join(word for word in words if word) or " ".join(plain) or text


def _alike(word: str, chance: random.Random) -> str:
    if word in _HEARD_AS:
        return _HEARD_AS[word]
    fitting = [(sound, other) for sound, other in _SOUNDS_LIKE if sound in word[1:]]
    if not fitting:
        return word[:-1] if len(word) > 3 else ""
    sound, other = chance.choice(fitting)
    begin = word.index(sound, 1)
    return word[:begin] + other + word[begin + len(sound) :]


def _chance(text: str, seed: int) -> random.Random:
    return random.Random(crc32(text.encode()) ^ seed)  # noqa: S311  # errors, not secrets
