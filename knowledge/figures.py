"""What the knowledge base did with texts whose right treatment is known, in numbers: pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from knowledge.cases import DANGERS, Case

Figures = dict[str, Any]
BANDS = 10  # of confidence, for the calibration


def by_article(cases: Sequence[Case], topic_of: Mapping[str, str]) -> Figures:
    """Of questions with the ids of the articles that answer them; `topic_of` gives the topic of an id."""
    answerable = [case for case in cases if case.right]
    topics: dict[str, list[Case]] = defaultdict(list)
    for case in answerable:
        topics[min(topic_of.get(article, "not there") for article in case.right)].append(case)
    neither = [case for case in cases if not case.right and case.action != "person"]
    confused = Counter((min(case.right), case.ranked[0]) for case in answerable if case.ranked and not case.found(1))
    return {
        "questions": len(cases),
        "with_article": found(answerable),
        "no_article": {
            "count": len(neither),
            "answered": share(case.answered for case in neither),
            "asked_back": share(case.asked_back for case in neither),
            "handed_over": share(case.handed_over and not case.answered for case in neither),
        },
        "answers": {"right": share(case.answered_right for case in answerable + neither if case.answered)},
        "calibration_error": calibration_error(answerable + neither),
        "latency_ms": latency(cases),
        "topics": {topic: found(of_topic) for topic, of_topic in sorted(topics.items())},
        "confused": [f"{count} x {right} -> {first}" for (right, first), count in confused.most_common(12)],
    }


def found(cases: Sequence[Case]) -> Figures:
    """Of questions that an article answers, all as shares but the count."""
    answered = [case for case in cases if case.answered]
    asked = [case for case in cases if case.asked_back]
    return {
        "count": len(cases),
        "first": share(case.found(1) for case in cases),
        "first_three": share(case.found(3) for case in cases),
        "answered": len(answered) / max(len(cases), 1),
        "answered_right": share(case.answered_right for case in answered),
        "wrong_answers": share(case.answered and not case.answered_right for case in cases),
        "asked_back": len(asked) / max(len(cases), 1),
        "among_choices": share(bool(case.right & set(case.offered)) for case in asked),
        "handed_over": share(case.decision.kind == "hand_over" and not case.answered for case in cases),
    }


def by_topics(cases: Sequence[Case], topic_of: Mapping[str, str]) -> Figures:
    """Of real texts with acceptable topics: an answer counts as right when its topic is one of them."""
    groups = {action: [case for case in cases if case.action == action] for action in ("answer", "account")}
    person = [case for case in cases if case.action == "person"]
    none = [case for case in cases if case.action == "none"]

    def right(case: Case) -> bool:
        return _has_right_topic(case, topic_of)

    return {
        "texts": len(cases),
        **{
            action: {
                "count": len(some),
                "answered_or_asked_back_right": share(right(case) for case in some),
                "wrong_answers": share(case.answered and not right(case) for case in some),
                "asked_back": share(case.asked_back for case in some),
                "handed_over": share(case.handed_over and not case.answered for case in some),
            }
            for action, some in groups.items()
        },
        "none": {"count": len(none), "answered": share(case.answered for case in none)},
        "person": {
            "count": len(person),
            "handed_over": share(case.handed_over for case in person),
            "handed_over_at_once": share(case.at_once for case in person),
        },
        "latency_ms": latency(cases),
    }


def wrong_by_article(cases: Sequence[Case]) -> list[Figures]:
    """Of questions with the ids of the articles that answer them: the answers that are none of these."""
    return [_wrong(case, case.right) for case in cases if case.answered and not case.answered_right]


def wrong_by_topics(cases: Sequence[Case], topic_of: Mapping[str, str]) -> list[Figures]:
    """Of real texts with acceptable topics: answers of another topic, and those nobody should have got.

    A text that nothing here answers gets none; one for a person gets that person, with or without an article.
    """

    def is_wrong(case: Case) -> bool:
        if case.action == "person":
            return not case.handed_over
        return case.action == "none" or not _has_right_topic(case, topic_of)

    return [
        _wrong(case, case.topics if case.action in ("answer", "account") else ())
        for case in cases
        if case.answered and is_wrong(case)
    ]


def _has_right_topic(case: Case, topic_of: Mapping[str, str]) -> bool:
    return any(topic_of.get(article) in case.topics for article in case.offered)


def _wrong(case: Case, right: Iterable[str]) -> Figures:
    """An answer as JSON: `right` are the articles or topics that would have been."""
    return {
        "text": case.text,
        "confidence": case.decision.confidence,
        "answer": case.offered[0],
        "right": sorted(right),
        "action": case.action,
    }


def for_a_person(cases: Sequence[Case]) -> Figures:
    """Of texts that need a person at once."""
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    return {
        "count": len(cases),
        "handed_over": share(case.at_once for case in cases),
        **{kind: share(case.at_once for case in some) for kind, some in sorted(kinds.items())},
    }


def in_danger(cases: Sequence[Case]) -> Figures:
    """Of those texts the ones that tell of danger to somebody."""
    some = [case for case in cases if case.kind in DANGERS]
    return {"count": len(some), "handed_over": share(case.at_once for case in some)}


def off_topic(cases: Sequence[Case]) -> Figures:
    """Of texts that nothing here answers."""
    return {
        "count": len(cases),
        "answered": share(case.answered for case in cases),
        "asked_back": share(case.asked_back for case in cases),
        "handed_over": share(case.handed_over for case in cases),
        "answers": [f"{case.text} -> {case.offered[0]}" for case in cases if case.answered],
    }


def calibration_error(cases: Sequence[Case]) -> float:
    """How far stated and real chance are apart over the bands of confidence, weighted by their size."""
    bands = reliability(cases)
    total = sum(count for *_, count in bands)
    return sum(abs(stated - real) * count for stated, real, count in bands) / total if total else 0.0


def reliability(cases: Sequence[Case]) -> list[tuple[float, float, int]]:
    """For each band of confidence in which something was offered: mean stated chance, real share, count."""
    sure = [(case.decision.confidence, bool(case.right & set(case.offered))) for case in cases if case.offered]
    bands = []
    for band in range(BANDS):
        inside = [(stated, real) for stated, real in sure if min(int(stated * BANDS), BANDS - 1) == band]
        if inside:
            stated, real = np.asarray(inside, dtype=float).T
            bands.append((float(stated.mean()), float(real.mean()), len(inside)))
    return bands


def latency(cases: Sequence[Case]) -> dict[str, float]:
    times = [case.ms for case in cases]
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))} if times else {}


def share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0
