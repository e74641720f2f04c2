"""Tickets that are filed: by staff, corporate engineers and partners, each with the form of its kind."""

from collections.abc import Mapping
from typing import Any

from escalation import idempotency, opening
from escalation.errors import Incomplete, NotAllowed
from escalation.filed import Filing
from escalation.form import FORMS
from escalation.form_check import department_for, form_for
from escalation.kind_wire import FileAsked, KindForm, KindForms
from escalation.office import Office
from escalation.policy import Policy
from escalation.sight import one_of_us, role_of
from escalation.signals import Signals


async def file(office: Office, username: str, asked: FileAsked) -> str:
    """The new ticket's reference; with a `key`, the reference of the ticket it has opened before.

    Raises NotAllowed, Incomplete (which names the field), and KeyReused or Conflict for a key.
    """
    person = one_of_us(office.policy.people, username)
    if not role_of(person).files:
        raise NotAllowed(f"{person.name} only reads")
    form = form_for(office.policy, asked.kind, asked.form)
    signals = _signals(office.policy, asked, form)
    body = asked.model_dump(mode="json")
    once = idempotency.FilingKey.of(f"staff:{username}", asked.key, body) if asked.key else None
    async with office.change() as session:
        if once is not None and (earlier := await idempotency.earlier_answer(session, once, office.now())):
            return str(earlier["reference"])
        filing = Filing(asked.kind, form, by=username)
        case = await opening.open_ticket(office, session, None, signals, who=username, filing=filing)
        if once is not None:
            await idempotency.keep(session, once, case.ticket.id, {"reference": case.ticket.reference})
        return case.ticket.reference


def forms(policy: Policy) -> KindForms:
    """What a page needs to let somebody file a ticket of any kind."""
    return KindForms(
        kinds=[
            KindForm(kind=kind, name=entry.name, fields=FORMS[kind].model_json_schema(), required=entry.required)
            for kind, entry in policy.kinds.kinds.items()
        ],
        systems={code: system.name for code, system in policy.routing.systems.items()},
        topics=tuple(policy.routing.categories),
    )


def _signals(policy: Policy, asked: FileAsked, form: Mapping[str, Any]) -> Signals:
    if asked.category is not None and asked.category not in policy.routing.categories:
        raise Incomplete(f"category: {asked.category[:40]} is not a topic of routing.yml")
    said = asked.model_dump(
        include={"problem", "affected", "service", "segment", "safety", "revenue_at_risk", "customer_id", "reachable"}
    )
    return Signals(
        category=asked.category or policy.kinds.kinds[asked.kind].topic,
        reason="filed",
        department=department_for(policy, form),
        **said,
    )
