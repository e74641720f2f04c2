"""Whether the policy files fit together: each fault names the file, and what in it names what is not there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from escalation.agreements import coverage, references
from escalation.kinds_file import faults_of_kinds
from escalation.mirror.mirror_file import faults_of_mirror
from escalation.policy.reading import with_place, written
from escalation.policy_files import ANY, FALLBACK_CATEGORY, Misfit, Place
from escalation.priority import Priority
from escalation.quality.quality_file import faults_of_quality
from escalation.sight import role_of
from escalation.tasks.tasks_file import faults_of_tasks
from escalation.tier import present

if TYPE_CHECKING:
    from escalation.policy import Policy


def faults_of_agreements(policy: "Policy") -> Iterator[Misfit]:
    known = {
        "calendars": policy.calendars,
        "topics": policy.routing.categories,
        "departments": policy.routing.departments,
        "systems": policy.routing.systems,
        "filers": {*policy.people, *policy.clients},
    }
    yield from with_place("agreements.yml", references.faults(policy.agreements, known))
    yield from with_place("agreements.yml", coverage.doubts(policy.agreements.agreements))


def faults(policy: "Policy") -> Iterator[Misfit]:
    """What is wrong between the files."""
    yield from _faults_of_calendars(policy)
    yield from _faults_of_people(policy)
    yield from faults_of_kinds(policy.kinds, policy.routing, policy.people)
    yield from faults_of_tasks(policy.tasks, policy.routing, policy.calendars)
    yield from faults_of_mirror(policy.mirror, policy.routing)
    yield from faults_of_quality(policy.people)
    yield from _faults_of_report(policy)
    if FALLBACK_CATEGORY not in policy.routing.categories:
        yield "routing.yml", ("categories",), f"categories need `{FALLBACK_CATEGORY}`"
    for category, entry in policy.routing.categories.items():
        if entry.department not in policy.routing.departments:
            words = f"{category} goes to {entry.department}, which is not a department"
            yield "routing.yml", ("categories", category, "department"), words
        if entry.skill is not None and not any(entry.skill in person.skills for person in policy.people.values()):
            words = f"{category} needs the skill {entry.skill}, which nobody in people.yml has"
            yield "routing.yml", ("categories", category, "skill"), words


def _faults_of_report(policy: "Policy") -> Iterator[Misfit]:
    for number, name in enumerate(policy.board.report.to):
        place = ("report", "to", number)
        person = policy.people.get(name)
        if person is None:
            yield "board.yml", place, f"report: {name} is not in people.yml"
        elif not role_of(person).leads:
            yield "board.yml", place, f"report: {name} may not see the board"
        elif person.email is None:
            yield "board.yml", place, f"report: {name} has no email in people.yml"


def _faults_of_calendars(policy: "Policy") -> Iterator[Misfit]:
    for path, target in policy.sla.places():
        if target.calendar not in policy.calendars:
            yield "sla.yml", path, f"{written(path)}: calendar {target.calendar} is not in calendars.yml"
    for number, exception in enumerate(policy.sla.exceptions):
        for topic in set(exception.topic) - set(policy.routing.categories):
            yield "sla.yml", ("for", number, "topic"), f"for: topic {topic} is not a category of routing.yml"
    for tier, entry in policy.tiers.tiers.items():
        if entry.open is not None and entry.open not in policy.calendars:
            words = f"tier {tier}: calendar {entry.open} is not in calendars.yml"
            yield "tiers.yml", ("tiers", tier, "open"), words


def _faults_of_people(policy: "Policy") -> Iterator[Misfit]:
    departments = policy.routing.departments
    if set(policy.tiers.tiers) != {1, 2, 3, 4} or set(policy.tiers.start) != set(Priority):
        yield "tiers.yml", ("tiers",), "needs tiers 1 to 4 and a start tier for P1 to P4"
    if set(policy.tiers.contacts.get("default", {})) < {1, 2, 3}:
        yield "tiers.yml", ("contacts", "default"), "contacts.default needs somebody in tiers 1, 2 and 3"
    named: set[tuple[Place, str, str]] = {
        (("contacts", where, tier), f"contact of {where}, tier {tier}", name)
        for where, tiers in policy.tiers.contacts.items()
        for tier, names in tiers.items()
        for name in names
    }
    supervisor = (("supervisor",), "supervisor", policy.tiers.supervisor)
    for place, role, name in sorted({*named, supervisor}, key=str):
        if name not in policy.people:
            yield "tiers.yml", place, f"{role}: {name} is not in people.yml"
    for where in set(policy.tiers.contacts) - set(departments) - {"default"}:
        yield "tiers.yml", ("contacts", where), f"contacts of {where}, which is not a department"
    for username, person in policy.people.items():
        if person.substitute is not None and person.substitute not in policy.people:
            yield (
                "people.yml",
                (username, "substitute"),
                f"{username}: substitute {person.substitute} is not in people.yml",
            )
        if person.substitute == username:
            yield "people.yml", (username, "substitute"), f"{username} cannot stand in for themselves"
        if person.away and person.substitute is None:
            yield "people.yml", (username, "away"), f"{username} is away and has no substitute"
        elif person.away and present(username, policy.people) == username:
            yield "people.yml", (username, "away"), f"{username} is away, and so is everybody who would stand in"
        for department in set(person.departments) - set(departments) - {ANY}:
            yield "people.yml", (username, "departments"), f"{username}: {department} is not a department"
