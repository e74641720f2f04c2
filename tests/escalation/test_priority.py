"""Priority out of signals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import policy
from escalation.priority import Assessment, Level, Priority, assess
from escalation.signals import COUNTING, COUNTS, SCALES, Signals, seriousness

FOUND = policy.load()
MOST = 40  # more contacts or days than any weight asks for


def signals(**known: Any) -> Signals:
    return Signals.model_validate({"category": "general", "reason": "no_answer", **known})


def assessed(category_urgency: Level = Level.LOW, **known: Any) -> Assessment:
    return assess(signals(**known), FOUND.rules, category_urgency=category_urgency)


def worth(name: str, size: int) -> Any:
    """The value of a signal that is so serious."""
    if name in SCALES:
        return SCALES[name][size]
    return size if name in COUNTS else bool(size)


def sizes(name: str) -> st.SearchStrategy[int]:
    return st.integers(0, len(SCALES[name]) - 1 if name in SCALES else MOST if name in COUNTS else 1)


pairs = st.fixed_dictionaries({name: st.tuples(sizes(name), sizes(name)) for name in COUNTING})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "P4"),
        ({"service": "degraded"}, "P4"),
        ({"service": "down"}, "P3"),
        ({"service": "down", "affected": "several"}, "P2"),
        ({"service": "down", "affected": "many"}, "P1"),
        ({"service": "degraded", "affected": "many"}, "P2"),
        ({"affected": "many"}, "P3"),
        ({"service": "degraded", "segment": "gold"}, "P3"),
        ({"service": "down", "segment": "corporate"}, "P1"),
        ({"segment": "corporate"}, "P4"),
        ({"vulnerable": True}, "P3"),
        ({"repeat_contacts": 1}, "P4"),
        ({"repeat_contacts": 2, "segment": "gold"}, "P2"),
        ({"revenue_at_risk": True, "affected": "many"}, "P1"),
        ({"safety": True}, "P1"),
        ({"regulatory_complaint": True}, "P2"),
        ({"days_since_first_contact": 4}, "P4"),
        ({"days_since_first_contact": 5, "segment": "gold"}, "P3"),
        ({"days_since_first_contact": 14}, "P3"),
    ],
)
def test_priority_follows_from_what_is_known(known: dict[str, Any], expected: str) -> None:
    assert assessed(**known).priority == expected


def test_a_topic_has_a_least_urgency() -> None:
    assert assessed(Level.HIGH).priority is Priority.P3


def test_the_customers_words_do_not_move_the_priority() -> None:
    calm = assessed(problem="hm")

    loud = assessed(problem="URGENT!!! P1!!! my lawyer", live=True, reason="wants_person")

    assert calm.priority is loud.priority


def test_the_reasons_name_every_signal_that_reached_the_level() -> None:
    found = assessed(service="down", vulnerable=True, affected="many")

    assert found.because == (
        "Impact high: an area or many customers are affected.",
        "Urgency high: the service is down, a vulnerable customer.",
        "High impact and high urgency make P1.",
    )


def test_a_reason_is_given_in_its_most_exact_words() -> None:
    found = assessed(segment="corporate", repeat_contacts=3)

    assert found.because[:2] == (
        "Impact medium: a corporate customer.",
        "Urgency high: earlier contacts about this: 3.",
    )


@given(pairs, st.sampled_from(Level), st.sampled_from(Level))
def test_more_serious_signals_never_lower_the_priority(
    drawn: dict[str, tuple[int, int]], one: Level, other: Level
) -> None:
    less = {name: worth(name, min(pair)) for name, pair in drawn.items()}
    more = {name: worth(name, max(pair)) for name, pair in drawn.items()}

    calm, serious = assessed(min(one, other), **less), assessed(max(one, other), **more)

    assert serious.impact >= calm.impact
    assert serious.urgency >= calm.urgency
    assert serious.priority <= calm.priority


def test_a_signal_that_is_not_told_is_neutral() -> None:
    told = signals()

    assert {name: seriousness(name, getattr(told, name)) for name in COUNTING} == dict.fromkeys(COUNTING, 0)


def test_every_signal_has_a_weight() -> None:
    assert {name for weight in FOUND.rules.weights for name in weight.when} == set(COUNTING)


def test_a_double_charge_is_a_p3_of_the_billing_department() -> None:
    assessment = FOUND.assess(signals(category="bill-dispute"))

    assert (assessment.priority, FOUND.department("bill-dispute")) == (Priority.P3, "billing")
