"""The places of the console in its bar: which of them a person has."""

from collections.abc import Iterator

from console.view import READS_AGREEMENTS
from escalation.client import Person

LEADS = (
    ("/board", "Board"),
    ("/funnel", "Funnel"),
    ("/wall", "Live wall"),
    ("/roster", "Roster"),
)
READS_QUALITY = frozenset({"agent", "supervisor", "corporate_engineer", "auditor"})
RUNS_IT = frozenset({"supervisor", "administrator"})
READS_POLICY = frozenset({"supervisor", "auditor", "administrator"})


def places_of(person: Person, *, inspects: bool) -> Iterator[tuple[str, str]]:
    """Path and name, in the order of the bar. What may be seen there is decided by the service, for each page."""
    yield "/", "Queue"
    if person.files:
        yield "/new", "New ticket"
    if person.sees == "all":
        yield "/tasks", "Tasks"
    if person.role == "field_technician":
        yield "/visits", "Visits"
    if person.role == "supervisor":
        yield from LEADS
    if person.role in RUNS_IT:
        yield "/knowledge", "Knowledge"
    if person.role in READS_QUALITY:
        yield "/quality", "Quality"
    if person.role in READS_AGREEMENTS:
        yield "/agreements", "Agreements"
    if person.role in READS_POLICY:
        yield "/policies", "Policies"
    if inspects and person.role in RUNS_IT:
        yield "/inspection", "Inspection"
