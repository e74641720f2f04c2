"""A form as this operator takes it: with what must be filled in here, about a system there is. Pure."""

from collections.abc import Mapping
from typing import Any

from escalation.errors import Incomplete
from escalation.form import filled
from escalation.kind import Kind
from escalation.policy import Policy


def form_for(policy: Policy, kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """The form, with what this operator requires, and a system that it has. Raises Incomplete, naming the field."""
    form = filled(kind, given, policy.kinds.kinds[kind].required)
    system = form.get("system")
    if system is not None and system not in policy.routing.systems:
        raise Incomplete(f"system: {system[:40]} is not one of {', '.join(policy.routing.systems)}")
    return form


def department_for(policy: Policy, form: Mapping[str, Any]) -> str | None:
    """Of the form's system; None leaves it to the topic."""
    system = form.get("system")
    return policy.routing.systems[system].department if system is not None else None
