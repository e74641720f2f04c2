"""The work list: what customers asked and nobody could answer, grouped by meaning. Pure, given the vectors."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from knowledge.fate import Fate
from knowledge.findings import Gap
from knowledge.lexicon import Numbers
from knowledge.nearness import Examples, Scale, centre, distinct, grouped

EXAMPLES_AT_MOST = 5
QUOTES_AT_MOST = 3
_ASKED_OF_US = frozenset({"answer", "ask_back", "no_answer", "off_topic"})  # the rest belongs to people anyway
_OUTAGE = "outage"  # the reason of a ticket: the fault was known, and no answer was missing
_FAILED = frozenset({"unanswered", "not_helped", "handed_over"})


def is_gap(fate: Fate) -> bool:
    """Nothing helped: no answer, a wrong one, or a person had to. Not when other words were answered after all."""
    failed = fate.kind in _ASKED_OF_US and fate.outcome in _FAILED and fate.helped_by is None
    in_an_outage = fate.ticket is not None and fate.ticket.reason == _OUTAGE
    return failed and not in_an_outage and has_words(fate)


def has_words(fate: Fate) -> bool:
    return any(char.isalpha() for char in fate.question)


def find_gaps(
    fates: Iterable[Fate], vectors: Mapping[str, Numbers], examples: Mapping[str, Examples], scale: Scale
) -> list[Gap]:
    """Asked by most customers first. `vectors` by question, `examples` by language."""
    found: list[Gap] = []
    for language, asked in by_language(fate for fate in fates if is_gap(fate)).items():
        known = examples.get(language)
        for group, middle in by_meaning(asked, vectors, scale):
            found.append(_gap(language, group, middle, known, scale))
    return sorted(found, key=lambda gap: (-gap.contacts, -gap.questions, gap.examples))


def by_language(fates: Iterable[Fate]) -> dict[str, list[Fate]]:
    sorted_out: dict[str, list[Fate]] = {}
    for fate in fates:
        sorted_out.setdefault(fate.language, []).append(fate)
    return sorted_out


def by_meaning(
    fates: Sequence[Fate], vectors: Mapping[str, Numbers], scale: Scale
) -> Iterable[tuple[list[Fate], Numbers]]:
    """Groups and their centres; in a group the most typical question comes first."""
    texts = list(dict.fromkeys(fate.question for fate in fates))
    rows = np.stack([vectors[text] for text in texts]) if texts else np.zeros((0, 0), dtype=np.float32)
    for group in grouped(rows, scale.together):
        middle = centre(rows[group])
        typical = {texts[row]: float(rows[row] @ middle) for row in group}
        members = [fate for fate in fates if fate.question in typical]
        yield sorted(members, key=lambda fate: (-typical[fate.question], fate.question)), middle


def _gap(language: str, group: Sequence[Fate], middle: Numbers, examples: Examples | None, scale: Scale) -> Gap:
    nearest = examples.nearest(middle) if examples else None
    article, nearness = nearest or (None, 0.0)
    tickets = [fate.ticket for fate in group if fate.ticket]
    return Gap(
        language=language,
        questions=len(group),
        contacts=len({fate.contact_id for fate in group}),
        without_answer=len({fate.contact_id for fate in group if _went_without(fate)}),
        outcomes=dict(Counter(fate.outcome for fate in group).most_common()),
        examples=distinct([fate.question for fate in group], EXAMPLES_AT_MOST),
        nearest=article,
        nearest_title=examples.titles.get(article, "") if examples and article else "",
        nearness=round(nearness, 3),
        is_near=nearness >= scale.near,
        categories=dict(Counter(ticket.category for ticket in tickets).most_common()),
        done=distinct([ticket.done for ticket in tickets if ticket.done], QUOTES_AT_MOST),
    )


def _went_without(fate: Fate) -> bool:
    return fate.outcome == "handed_over" or (fate.outcome == "unanswered" and fate.kind != "off_topic")
