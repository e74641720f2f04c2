"""Invented articles, and vectors that lie as a model's do: for measuring size, not understanding.

A vector is a theme's direction, its article's own and chance, so that wordings of an article have a cosine of about
0.6, those of articles on the same theme 0.3, as all-MiniLM-L6-v2 gives real ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from knowledge.article import Article, HandOverHints
from knowledge.lexicon import Numbers
from knowledge.noise import mistyped
from knowledge.topics import TOPICS

QUESTIONS = 8
SENTENCES = 5
_WIDTH = 384
_WORDS = 20_000
_WORDS_OF_THEME = 80
_WORDS_OF_ARTICLE = 7
_ARTICLES_A_THEME = 40
_THEME, _OWN = 0.3, 0.3  # of the square of a wording's vector
_THEME_ASKED, _OWN_ASKED = 0.25, 0.2  # of a customer's question: other words than anybody thought of
_THEME_SAID, _OWN_SAID = 0.25, 0.2  # of a sentence's: it says one thing among several
_MISTYPED_SHARE = 0.03
_SYLLABLES = [begin + middle for begin in "bdfghjklmnprstvwz" for middle in ("a", "e", "i", "o", "u", "ai", "or", "en")]
_ASKED = (
    "how do I {0} the {1}",
    "my {0} does not {1} any more",
    "why is the {0} {1} so {2}",
    "the {0} says {1} {2}",
    "can I change {0} to {1}",
    "{0} {1} not working",
    "what does {0} {1} mean",
    "I can't {0} my {1} since the {2}",
    "where do I find the {0} for {1}",
    "{0} keeps asking for {1}",
    "help with {0} and {1}",
    "do I pay for {0} when {1}",
    "is there a {0} for my {1} {2}",
    "since yesterday the {0} is {1}",
)
_ASKED_ANEW = (
    "it's the {0} again, {1} is gone",
    "trouble with {0} {1}",
    "no idea how {0} goes with {1}",
    "someone told me to {0} the {1}",
    "{0} is {1} today",
)
_SAID = (
    "Open the {0} and choose {1}, then wait until the {2} is shown.",
    "If the {0} stays {1}, take the {2} out and put it back after a minute.",
    "We change the {0} on the first day after the {1} has ended.",
    "A {0} costs nothing while your {1} includes the {2}.",
    "You see the {0} under {1} in your account, next to the {2}.",
    "Most of the time the {0} needs only the {1} to be set to {2}.",
    "Ask for a new {0} when the {1} and the {2} do not agree.",
)


@dataclass(frozen=True)
class World:
    articles: tuple[Article, ...]
    words: tuple[tuple[str, ...], ...]  # of each article
    themes: Numbers  # the direction of each article's theme
    owns: Numbers  # and its own

    @classmethod
    def of(cls, count: int, seed: int = 0) -> "World":
        chance = np.random.default_rng(seed)
        vocabulary = _vocabulary(chance)
        themes = max(1, count // _ARTICLES_A_THEME)
        of_theme = chance.integers(len(vocabulary), size=(themes, _WORDS_OF_THEME))
        theme = chance.integers(themes, size=count)
        words = tuple(
            tuple(vocabulary[of_theme[theme[place], word]] for word in chosen)
            for place, chosen in enumerate(chance.integers(_WORDS_OF_THEME, size=(count, _WORDS_OF_ARTICLE)))
        )
        articles = tuple(_article(place, own, chance) for place, own in enumerate(words))
        return cls(articles, words, _directions(themes, chance)[theme], _directions(count, chance))

    def wording_vectors(self, seed: int = 1) -> Numbers:
        """Of each article's questions and label."""
        return self._vectors(np.arange(len(self.articles)).repeat(QUESTIONS + 1), _THEME, _OWN, seed)

    def passage_vectors(self, counts: Sequence[int], seed: int = 2) -> Numbers:
        """`counts` tells how many sentences of each article there are."""
        return self._vectors(np.arange(len(self.articles)).repeat(counts), _THEME_SAID, _OWN_SAID, seed)

    def planted(self, count: int, seed: int = 3) -> tuple[list[str], Numbers, list[str]]:
        """Questions in words no article was written in, their vectors, and the id of the article each is for."""
        chance = np.random.default_rng(seed)
        places = chance.integers(len(self.articles), size=count)
        texts = [
            mistyped(_filled(_ASKED_ANEW, self.words[place], chance), _MISTYPED_SHARE) + f" {number}"
            for number, place in enumerate(places)
        ]
        ids = [self.articles[place].id for place in places]
        return texts, self._vectors(places, _THEME_ASKED, _OWN_ASKED, seed), ids

    def _vectors(self, places: np.ndarray, theme: float, own: float, seed: int) -> Numbers:
        chance = np.random.default_rng(seed)
        vectors = chance.standard_normal((len(places), _WIDTH), dtype=np.float32)
        vectors *= np.float32(((1 - theme - own) / _WIDTH) ** 0.5)
        for some in np.array_split(np.arange(len(places)), len(places) // 100_000 + 1):
            vectors[some] += theme**0.5 * self.themes[places[some]] + own**0.5 * self.owns[places[some]]
            vectors[some] /= np.linalg.norm(vectors[some], axis=1, keepdims=True)
        return vectors


def nothing(count: int, seed: int = 4) -> Numbers:
    """Vectors of texts about nothing known."""
    return _directions(count, np.random.default_rng(seed))


def _article(place: int, words: tuple[str, ...], chance: np.random.Generator) -> Article:
    asked = chance.permutation(len(_ASKED))[:QUESTIONS]
    label = f"My {words[0]} and the {words[1]}"
    return Article(
        id=f"article-{place}",
        topic=TOPICS[place % len(TOPICS)],
        title=f"When the {words[0]} has no {words[1]}",
        language="en",
        label=label,
        questions=tuple(_filled([_ASKED[number]], words, chance) for number in asked),
        screen="\n\n".join(_filled(_SAID, words, chance) for _ in range(SENTENCES)),
        ear=_filled(_SAID, words, chance),
        if_not_helped="Ask us again.",
        hand_over=HandOverHints(category="general", department="frontline"),
        owner="nobody",
        reviewed=date(2026, 1, 1),
    )


def _filled(templates: Sequence[str], words: tuple[str, ...], chance: np.random.Generator) -> str:
    chosen = [words[place] for place in chance.permutation(len(words))[:3]]
    return templates[int(chance.integers(len(templates)))].format(*chosen)


def _vocabulary(chance: np.random.Generator) -> list[str]:
    syllables = chance.integers(len(_SYLLABLES), size=(_WORDS, 4))
    lengths = chance.integers(2, 5, size=_WORDS)
    return ["".join(_SYLLABLES[one] for one in row[:length]) for row, length in zip(syllables, lengths, strict=True)]


def _directions(count: int, chance: np.random.Generator) -> Numbers:
    vectors = chance.standard_normal((count, _WIDTH), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
