"""What an agreement names in the operator's other files must be there. Pure."""

from collections.abc import Collection, Iterator, Mapping

from escalation.agreements.agreement import Agreement, AgreementsFile, Path

_COVERED = {"topic": "topics", "department": "departments", "system": "systems", "filed_by": "filers"}


def faults(file: AgreementsFile, known: Mapping[str, Collection[str]]) -> Iterator[tuple[Path, str]]:
    """With the place in the file. `known`: the names of calendars, topics, departments, systems and filers."""
    for number, agreement in enumerate(file.agreements):
        for path, sort, name in _named(agreement):
            if name not in known[sort]:
                yield ("agreements", number, *path), f"{name} is not one of the {sort} of the other files"


def _named(agreement: Agreement) -> Iterator[tuple[Path, str, str]]:
    yield ("service_hours",), "calendars", agreement.service_hours
    for priority, of in agreement.targets.items():
        for target, promise in of.items():
            if promise.calendar is not None:
                yield ("targets", str(priority), target, "calendar"), "calendars", promise.calendar
    for field, sort in _COVERED.items():
        for name in getattr(agreement.covers, field):
            yield ("covers", field), sort, name
