"""How a ticket begins: what the policy makes of its signals, before anything is stored. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation import tier
from escalation.agreements.coverage import Coverage, Subject
from escalation.excluded import Window
from escalation.policy import FALLBACK_CATEGORY, FrozenPolicy, Policy
from escalation.priority import Assessment
from escalation.ticket_clocks import TicketClocks
from escalation.wire import Signals


@dataclass(frozen=True, slots=True)
class Beginning:
    category: str
    department: str
    assessment: Assessment
    asked: tier.Asked
    is_live: bool  # a person can be had now for a customer who wants one, as long as the contact is open
    informed: tuple[str, ...]  # who is told as well
    subject: Subject  # of the agreements
    covered: Coverage
    frozen: FrozenPolicy
    clocks: TicketClocks

    @property
    def is_first_told(self) -> bool:
        """Level 1 sits before the console; the tiers above are told where they are."""
        return self.asked.tier > tier.LOWEST


def begin(
    policy: Policy,
    signals: Signals,
    now: datetime,
    system: str | None = None,
    windows: Sequence[Window] = (),
    *,
    start_tier: int | None = None,
    filed_by: str | None = None,
    has_customer: bool = True,
) -> Beginning:
    """Priority, department, who acts first, the agreements, the frozen policy and its clocks.

    `windows`: time that is known not to count, for the targets that exclude it. `start_tier`: that acts first,
    whatever the priority says. `filed_by`: one of people.yml or clients.yml, for a ticket that was filed.
    `has_customer`: somebody outside waits to hear of it.
    """
    assessment = policy.assess(signals)
    category = signals.category if signals.category in policy.routing.categories else FALLBACK_CATEGORY
    department = policy.department(category, signals.department)
    roster = policy.roster(department, system)
    asked = tier.first_asked(start_tier or policy.tiers.start[assessment.priority], roster, policy.people)
    told = [roster[number][0] for number in policy.tiers.informed.get(assessment.priority, ()) if roster.get(number)]
    subject = Subject(
        segment=signals.segment,
        account=signals.customer_id,
        topic=category,
        filed_by=filed_by,
        department=department,
        tier=asked.tier,
        system=system,
    )
    covered = policy.covering(subject, now)
    frozen = policy.freeze(assessment.priority, segment=signals.segment, topic=category, agreed=covered.outer)
    terms = policy.terms(covered.inner)
    return Beginning(
        category,
        department,
        assessment,
        asked,
        is_live=signals.live and policy.is_answered(asked.tier, now),
        informed=tuple(tier.present(name, policy.people) for name in told),
        subject=subject,
        covered=covered,
        frozen=frozen,
        clocks=TicketClocks.open(
            frozen, assessment.priority, asked.tier, now, windows=windows, terms=terms, has_customer=has_customer
        ),
    )
