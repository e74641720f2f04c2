"""Whether the policy files fit together: each fault names the file, and what in it names what is not there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from escalation.agreements import coverage, references
from escalation.kinds_file import faults_of_kinds
from escalation.mirror.mirror_file import faults_of_mirror
from escalation.policy.reading import Place, written
from escalation.policy_files import ANY, FALLBACK_CATEGORY
from escalation.priority import Priority
from escalation.quality.quality_file import faults_of_quality
from escalation.sight import role_of
from escalation.tasks.tasks_file import faults_of_tasks
from escalation.tier import present

if TYPE_CHECKING:
    from escalation.policy import Policy


def faults_of_agreements(policy: "Policy") -> Iterator[tuple[Place, str]]:
    known = {
        "calendars": policy.calendars,
        "topics": policy.routing.categories,
        "departments": policy.routing.departments,
        "systems": policy.routing.systems,
        "filers": {*policy.people, *policy.clients},
    }
    yield from references.faults(policy.agreements, known)
    yield from coverage.doubts(policy.agreements.agreements)


def faults(policy: "Policy") -> Iterator[str]:
    """What is wrong between the files."""
    yield from _faults_of_calendars(policy)
    yield from _faults_of_people(policy)
    yield from faults_of_kinds(policy.kinds, policy.routing, policy.people)
    yield from faults_of_tasks(policy.tasks, policy.routing, policy.calendars)
    yield from faults_of_mirror(policy.mirror, policy.routing)
    yield from faults_of_quality(policy.people)
    yield from _faults_of_report(policy)
    if FALLBACK_CATEGORY not in policy.routing.categories:
        yield f"routing.yml: categories need `{FALLBACK_CATEGORY}`"
    for category, entry in policy.routing.categories.items():
        if entry.department not in policy.routing.departments:
            yield f"routing.yml: {category} goes to {entry.department}, which is not a department"
        if entry.skill is not None and not any(entry.skill in person.skills for person in policy.people.values()):
            yield f"routing.yml: {category} needs the skill {entry.skill}, which nobody in people.yml has"


def _faults_of_report(policy: "Policy") -> Iterator[str]:
    for name in policy.board.report.to:
        person = policy.people.get(name)
        if person is None:
            yield f"board.yml: report: {name} is not in people.yml"
        elif not role_of(person).leads:
            yield f"board.yml: report: {name} may not see the board"
        elif person.email is None:
            yield f"board.yml: report: {name} has no email in people.yml"


def _faults_of_calendars(policy: "Policy") -> Iterator[str]:
    for path, target in policy.sla.places():
        if target.calendar not in policy.calendars:
            yield f"sla.yml: {written(path)}: calendar {target.calendar} is not in calendars.yml"
    for topic in {topic for entry in policy.sla.exceptions for topic in entry.topic} - set(policy.routing.categories):
        yield f"sla.yml: for: topic {topic} is not a category of routing.yml"
    for tier, entry in policy.tiers.tiers.items():
        if entry.open is not None and entry.open not in policy.calendars:
            yield f"tiers.yml: tier {tier}: calendar {entry.open} is not in calendars.yml"


def _faults_of_people(policy: "Policy") -> Iterator[str]:
    departments = policy.routing.departments
    if set(policy.tiers.tiers) != {1, 2, 3, 4} or set(policy.tiers.start) != set(Priority):
        yield "tiers.yml: needs tiers 1 to 4 and a start tier for P1 to P4"
    if set(policy.tiers.contacts.get("default", {})) < {1, 2, 3}:
        yield "tiers.yml: contacts.default needs somebody in tiers 1, 2 and 3"
    named = {
        (f"contact of {where}, tier {tier}", name)
        for where, tiers in policy.tiers.contacts.items()
        for tier, names in tiers.items()
        for name in names
    }
    for role, name in sorted(named | {("supervisor", policy.tiers.supervisor)}):
        if name not in policy.people:
            yield f"tiers.yml: {role}: {name} is not in people.yml"
    for where in set(policy.tiers.contacts) - set(departments) - {"default"}:
        yield f"tiers.yml: contacts of {where}, which is not a department"
    for username, person in policy.people.items():
        if person.substitute is not None and person.substitute not in policy.people:
            yield f"people.yml: {username}: substitute {person.substitute} is not in people.yml"
        if person.substitute == username:
            yield f"people.yml: {username} cannot stand in for themselves"
        if person.away and person.substitute is None:
            yield f"people.yml: {username} is away and has no substitute"
        elif person.away and present(username, policy.people) == username:
            yield f"people.yml: {username} is away, and so is everybody who would stand in"
        for department in set(person.departments) - set(departments) - {ANY}:
            yield f"people.yml: {username}: {department} is not a department"
