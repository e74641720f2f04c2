"""Proposals that a person may accept, and builds that publish nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.contribution import Contribution
from knowledge.findings import Proposal, Stray
from knowledge.gate import Refused
from knowledge.learn import Found, What
from settings import Settings

BUFFERING = Proposal(
    id="b0ffe41n9",
    kind="example_question",
    language="en",
    text="Add it.",
    articles=("slow-internet",),
    question="netflix keeps buffering",
    evidence={"questions": 2, "contacts": 2},
    examples=("netflix keeps buffering", "films buffer"),
    alike=("f1lm5",),
)
SATELLITE = Proposal(
    id="5a7e111te",
    kind="missing_article",
    language="en",
    text="No article answers this.",
    articles=(),
    question="do you offer satellite internet",
    evidence={"questions": 3, "contacts": 3, "without_answer": 3},
    examples=("do you offer satellite internet", "satellite at 12 mill lane", "satellite dish for internet"),
)
FIGHT = Proposal(
    id="f19h7",
    kind="fighting_articles",
    language="en",
    text="They fight.",
    articles=("slow-internet", "no-internet"),
    question=None,
    evidence={},
    examples=("internet is bad",),
    strays=(Stray("internet crawling again since yesterday", "slow-internet", "no-internet"),),
)
OUT_OF_A_TICKET = Contribution(
    question="do you offer satellite internet",
    solution="Not yet.\nThe waiting list is in the app.",
    language="en",
    by="dana",
    reference="FL-48317264",
    at=datetime(2026, 11, 25, 12, tzinfo=UTC),
)


def nothing(articles: Path) -> None:
    """Publish without building."""


def refuse(articles: Path) -> None:
    raise Refused("Not published: right article first 90.0% -> 80.0%.")


def learning(*found: Proposal) -> Callable[[Settings, What, timedelta], Found]:
    return lambda settings, what, back: found
