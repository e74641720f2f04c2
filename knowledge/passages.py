"""The sentences of an article, as plain text: it is also found by what it says."""

import re

from knowledge.article import Article

_MARKS = re.compile(r"[*#`>|_]|\[|\]\([^)]*\)|^\s*(?:\d+\.|[-+])\s+", re.MULTILINE)
_ENDS = re.compile(r"(?<=[.!?:])\s+|\n+")
_SHORTEST = 4  # words; what is shorter says too little alone


def passages(article: Article) -> tuple[str, ...]:
    """Each sentence on the screen, the text for the ear with the title, and the title itself."""
    sentences = (sentence.strip() for sentence in _ENDS.split(_MARKS.sub("", article.screen)))
    long_enough = (sentence for sentence in sentences if len(sentence.split()) >= _SHORTEST)
    return (f"{article.title}. {article.ear}", article.title, *long_enough)
