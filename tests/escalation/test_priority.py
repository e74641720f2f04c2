"""Priority out of signals."""

from typing import Any

import pytest

from escalation import policy
from escalation.priority import MATRIX, Level, Priority, assess
from escalation.wire import Signals


def signals(**known: Any) -> Signals:
    return Signals.model_validate({"category": "general", "reason": "no_answer", **known})


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
    ],
)
def test_priority_follows_from_what_is_known(known: dict[str, Any], expected: str) -> None:
    assert assess(signals(**known)).priority == expected


def test_a_topic_has_a_least_urgency() -> None:
    assert assess(signals(), category_urgency=Level.HIGH).priority is Priority.P3


def test_the_customers_words_do_not_move_the_priority() -> None:
    calm, loud = signals(problem="hm"), signals(problem="URGENT!!! P1!!! my lawyer", live=True, reason="wants_person")

    assert assess(calm).priority is assess(loud).priority


def test_the_reasons_name_every_signal_that_reached_the_level() -> None:
    found = assess(signals(service="down", vulnerable=True, affected="many"))

    assert found.because == (
        "Impact high: an area or many customers are affected.",
        "Urgency high: the service is down, a vulnerable customer.",
        "High impact and high urgency make P1.",
    )


def test_more_impact_or_urgency_never_lowers_the_priority() -> None:
    for (impact, urgency), priority in MATRIX.items():
        for (higher, hotter), other in MATRIX.items():
            if higher >= impact and hotter >= urgency:
                assert other <= priority


def test_a_double_charge_is_a_p3_of_the_billing_department() -> None:
    found = policy.load()

    assessment = assess(signals(category="bill-dispute"), category_urgency=found.urgency("bill-dispute"))

    assert (assessment.priority, found.department("bill-dispute")) == (Priority.P3, "billing")
