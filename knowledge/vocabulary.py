"""What articles are asked for by, the most telling first: hints for whoever must recognise speech."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import chain, islice

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from knowledge.article import Article

MOST_TOPICS = 0.4  # a phrase of more topics than that tells nothing of any
SAME_TO = 6  # decimals: sums of the same numbers in another order differ behind them
FEWEST = 3  # times it is asked with, else it is somebody's own wording
_WORD = r"(?u)[^\W\d_][\w'-]+"


def vocabulary(articles: Iterable[Article], language: str, today: date, *, most: int) -> tuple[str, ...]:
    """Words and pairs of words of the questions by which current articles of the language are found, at most `most`.

    What says most about some topic comes first, by TF-IDF over the topics. A pair with a word that is everywhere ("the
    router") says nothing that its other word does not.
    """
    current = [article for article in articles if article.language == language and article.is_current(today)]
    by_topic: dict[str, list[str]] = {}
    for article in current:
        by_topic.setdefault(article.topic, []).extend((*article.questions, article.title))
    if len(by_topic) < 2:
        return ()
    terms_of = CountVectorizer(ngram_range=(1, 2), token_pattern=_WORD).build_analyzer()
    asked = {topic: [set(terms_of(text)) for text in texts] for topic, texts in sorted(by_topic.items())}
    weigher = TfidfVectorizer(analyzer=chain.from_iterable, max_df=MOST_TOPICS, sublinear_tf=True)
    weights = weigher.fit_transform(asked.values()).max(axis=0).toarray()[0]
    times = Counter(chain.from_iterable(chain.from_iterable(asked.values())))
    known = dict(zip(weigher.get_feature_names_out(), weights, strict=True))
    telling = (
        term
        for term in sorted(known, key=lambda term: (-round(known[term], SAME_TO), term))
        if times[term] >= FEWEST and all(word in known for word in term.split())
    )
    return tuple(islice(telling, most))
