"""What the fates of answers propose: an example question, a missing article, two articles that fight. Pure.

Nothing here changes the knowledge base; a proposal says what was seen, and a person decides.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import combinations

from knowledge.fate import Fate
from knowledge.findings import Gap, Kind, Proposal, Stray
from knowledge.gaps import by_language, by_meaning, has_words
from knowledge.lexicon import Numbers
from knowledge.nearness import Examples, Scale, distinct, strays

Vectors = Mapping[str, Numbers]

HELPED_AT_LEAST = 2  # contacts, before words become an example question
MISSED_AT_LEAST = 3  # contacts, before an article is missing
CHOSEN_AT_LEAST = 2  # contacts for each of two articles that fight
ASTRAY_AT_LEAST = 4  # example questions of two articles, and this share of them, before they fight by themselves
ASTRAY_SHARE = 0.1
WORDS_AT_MOST = 30  # a longer question is a story of its own, and no example
EXAMPLES_AT_MOST = 5


def propose(
    fates: Sequence[Fate], gaps: Sequence[Gap], vectors: Vectors, examples: Mapping[str, Examples], scale: Scale
) -> list[Proposal]:
    """Missing articles, then example questions, then fights; each with the most evidence first."""
    found = [_missing(gap) for gap in gaps if is_missing(gap)]
    for language, asked in by_language(fates).items():
        if language in examples:
            found += _sorted(example_questions(asked, vectors, examples[language], scale, language))
    for language, known in examples.items():
        found += _sorted(fights([fate for fate in fates if fate.language == language], known, language))
    return found


def is_missing(gap: Gap) -> bool:
    return not gap.is_near and gap.questions >= MISSED_AT_LEAST and gap.without_answer >= MISSED_AT_LEAST


def _missing(gap: Gap) -> Proposal:
    question = gap.examples[0]
    text = f"No article answers this. {gap.contacts} customers asked, {gap.without_answer} ended without an answer"
    text += " or with a person."
    if gap.categories:
        text += f" Tickets were filed under {_listed(gap.categories)}."
    if gap.done:
        text += " What agents said in the end: " + " ".join(f"“{words}”" for words in gap.done)
    evidence = {"questions": gap.questions, "contacts": gap.contacts, "without_answer": gap.without_answer}
    return _proposal(
        "missing_article", gap.language, text=text, question=question, evidence=evidence, examples=gap.examples
    )


def example_questions(
    fates: Sequence[Fate], vectors: Vectors, examples: Examples, scale: Scale, language: str
) -> Iterator[Proposal]:
    """Words that an article helped with in the end, but not at once, for two customers or more.

    They are left alone when another article helped half as many, or when this one had not helped half as many.
    What was taken for off topic teaches nothing: a greeting before the question looks the same.
    """
    telling = [fate for fate in fates if has_words(fate) and fate.kind != "off_topic" and not _at_once(fate)]
    telling = [fate for fate in telling if fate.helped_by or fate.outcome == "not_helped"]
    for group, _ in by_meaning(telling, vectors, scale):
        helped = Counter(
            article for _, article in {(fate.contact_id, fate.helped_by) for fate in group if fate.helped_by}
        )
        for article, contacts in helped.most_common(1):
            failed = len({fate.contact_id for fate in group if fate.outcome == "not_helped" and fate.shown == article})
            rival = max((count for other, count in helped.items() if other != article), default=0)
            if contacts >= HELPED_AT_LEAST and contacts > 2 * max(rival, failed):
                yield from _example([fate for fate in group if fate.helped_by == article], article, examples, language)


def _at_once(fate: Fate) -> bool:
    return fate.kind == "answer" and fate.outcome == "helped"


def _example(group: Sequence[Fate], article: str, examples: Examples, language: str) -> Iterator[Proposal]:
    asked = distinct([fate.question for fate in group], len(group))
    known = {_plain(text) for text, owner in zip(examples.texts, examples.articles, strict=True) if owner == article}
    fit = [text for text in asked if len(text.split()) <= WORDS_AT_MOST and "[" not in text]
    if not fit or not known or any(_plain(text) in known for text in asked):
        return
    contacts = len({fate.contact_id for fate in group})
    text = (
        f"Add “{fit[0]}” to the questions of {_named(article, examples)}: {contacts} customers who asked so were "
        "helped by it, but not at once."
    )
    evidence = {"questions": len(group), "contacts": contacts}
    yield _proposal(
        "example_question",
        language,
        text=text,
        articles=(article,),
        question=fit[0],
        evidence=evidence,
        examples=asked[:EXAMPLES_AT_MOST],
    )


def fights(fates: Sequence[Fate], examples: Examples, language: str) -> Iterator[Proposal]:
    """Two articles between which customers choose both ways, or whose own example questions lie among each other."""
    asked = [fate for fate in fates if fate.kind == "ask_back"]
    stray_of: dict[tuple[str, ...], list[Stray]] = {}
    for found in strays(examples):
        stray_of.setdefault(tuple(sorted((found.article, found.nearer_to))), []).append(found)
    sizes = Counter(examples.articles)
    pairs = {tuple(sorted(pair)) for fate in asked for pair in combinations(set(fate.articles), 2)} | set(stray_of)
    for one, other in sorted(pairs):
        if one not in sizes or other not in sizes:
            continue
        both = [fate for fate in asked if {one, other} <= set(fate.articles)]
        chose = [len({fate.contact_id for fate in both if fate.picked == article}) for article in (one, other)]
        stray = stray_of.get((one, other), [])
        mixed = len(stray) >= max(ASTRAY_AT_LEAST, ASTRAY_SHARE * (sizes[one] + sizes[other]))
        if min(chose) >= CHOSEN_AT_LEAST or mixed:
            evidence = {"offered_both": len(both), "chose_first": chose[0], "chose_second": chose[1]}
            evidence["astray"] = len(stray)
            yield replace(_fight((one, other), both, evidence, examples, language), strays=tuple(stray))


def _fight(
    pair: tuple[str, str], both: Sequence[Fate], evidence: dict[str, int], examples: Examples, language: str
) -> Proposal:
    one, other = (_named(article, examples) for article in pair)
    text = f"{one} and {other} fight for the same questions."
    if both:
        chose = f"{evidence['chose_first']} customers chose the first, {evidence['chose_second']} the second"
        text += f" Offered both, {chose}."
    if evidence["astray"]:
        text += f" {evidence['astray']} of their example questions lie nearer to the other's than to their own."
    text += " Merge them, or make their questions tell them apart."
    asked = distinct([fate.question for fate in both if has_words(fate)], EXAMPLES_AT_MOST)
    return _proposal("fighting_articles", language, text=text, articles=pair, evidence=evidence, examples=asked)


def _proposal(
    kind: Kind,
    language: str,
    *,
    text: str,
    articles: tuple[str, ...] = (),
    question: str | None = None,
    evidence: dict[str, int],
    examples: tuple[str, ...],
) -> Proposal:
    alike = tuple(identity(kind, language, articles, other) for other in examples) if question else ()
    number = identity(kind, language, articles, question)
    return Proposal(number, kind, language, text, articles, question, evidence, examples, alike=alike)


def identity(kind: Kind, language: str, articles: Sequence[str], question: str | None) -> str:
    content = "\n".join((kind, language, *articles, _plain(question or "")))
    return sha256(content.encode()).hexdigest()[:12]


def _sorted(proposals: Iterator[Proposal]) -> list[Proposal]:
    return sorted(proposals, key=lambda found: (-sum(found.evidence.values()), found.id))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def _named(article: str, examples: Examples) -> str:
    return f"{article} (“{examples.titles.get(article, '')}”)"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
