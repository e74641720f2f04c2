"""The operator's files: what ships is sound, and a mistake is named where it is."""

import shutil
from pathlib import Path

import pytest

from escalation import policy
from escalation.policy import FrozenPolicy, PolicyError
from escalation.priority import Priority

TOPICS = {
    *("broadband-down", "broadband-slow", "wifi", "equipment", "mobile-signal", "mobile-calls", "mobile-data"),
    *("messaging", "roaming", "sim", "device", "tv", "landline", "email", "outage", "bill-understand", "bill-dispute"),
    *("payment", "balance-topup", "usage-cap", "plans-offers", "order-activation", "technician", "cancel", "move"),
    *("porting", "account-access", "loyalty", "security-fraud", "complaint", "parental-controls", "accessibility"),
    *("feature-request", "planned-maintenance"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in policy.READ:
        shutil.copy(policy.FOLDER / name, tmp_path / name)
    return tmp_path


def test_every_topic_is_routed() -> None:
    assert set(policy.load().routing.categories) == TOPICS | {"general"}


def test_every_department_has_a_responsible_person_in_each_of_our_tiers() -> None:
    found = policy.load()

    for department in found.routing.departments:
        for tier in (1, 2, 3):
            for username in found.roster(department)[tier]:
                person = found.people[username]
                assert person.phone
                assert person.email
                assert "*" in person.departments or department in person.departments


def test_a_frozen_policy_comes_back_the_same() -> None:
    frozen = policy.load().freeze(Priority.P4)

    assert FrozenPolicy.from_json(frozen.to_json()) == frozen


def test_a_ticket_keeps_the_targets_of_every_priority() -> None:
    frozen = policy.load().freeze(Priority.P4)

    assert (frozen.derived, set(frozen.choices)) == (Priority.P4, set(Priority))
    assert frozen.choices[Priority.P4] == frozen.targets
    assert {target.calendar for of in frozen.choices.values() for target in of.values()} <= set(frozen.calendars)


@pytest.mark.parametrize(
    ("name", "written", "instead", "complaint"),
    [
        ("sla.yml", "within: 15m", "within: soon", r"sla.yml:15: targets.P1.respond.within"),
        (
            "sla.yml",
            "calendar: always}",
            "calendar: sometimes}",
            r"targets.P1.acknowledge: calendar sometimes is not in cal",
        ),
        ("sla.yml", "at_pct: 100", "at_pct: 99", "one at 100"),
        (
            "routing.yml",
            "wifi: {department: fixed-access, services: [broadband]}",
            "wifi: {department: nowhere, services: [broadband]}",
            "wifi goes to nowhere",
        ),
        ("routing.yml", "urgency: high", "urgency: extreme", r"routing.yml:\d+: categories.broadband-down.urgency"),
        ("tiers.yml", "supervisor: sam.okoye", "supervisor: nobody", "supervisor: nobody is not in people.yml"),
        ("people.yml", "role: supervisor", "role: king", r"people.yml:\d+: sam.okoye.role"),
        ("people.yml", "substitute: tom.reed", "away: true", "bea.novak is away and has no substitute"),
        ("people.yml", "substitute: tom.reed", "substitute: bea.novak", "bea.novak cannot stand in for themselves"),
        ("people.yml", "substitute: felix.moreau\n", "substitute: felix.moreau\n  maximum: 0\n", r"lena.fox.maximum"),
        ("people.yml", '"07:00-15:30"], tue', '"15:30-07:00"], tue', r"people.yml:\d+: tom.reed.shifts.*ends before"),
        ("people.yml", '["09:00-13:00"]', '["09:00-13:00", "12:00-14:00"]', "sat: blocks must be in order"),
        ("routing.yml", "skill: fraud", "skill: juggling", "needs the skill juggling, which nobody"),
        ("tiers.yml", "P1: 2m, ", "", r"tiers.yml:\d+: .*accept_within needs P1"),
        ("calendars.yml", "zone: Europe/London", "zone: Europe/Londres", "unknown time zone Europe/Londres"),
        ("calendars.yml", "09:00-17:30", "17:30-09:00", "ends before it begins"),
        ("tasks.yml", "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=HOURLY", r"tasks.yml:\d+: tasks.bill-run.rule: .*once a day"),
        ("tasks.yml", "rule: FREQ=DAILY", "rule: FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4", "never falls on a day"),
        ("tasks.yml", 'at: "06:00"', "at: 16:30", r"tasks.yml:\d+: tasks.bill-run.at: .*in quotes"),
        ("tasks.yml", "off_day: next", "off_day: later", r"tasks.yml:\d+: tasks.bill-run.off_day"),
        ("tasks.yml", "zone: Europe/London", "zone: Europe/Londres", r"tasks.yml:\d+: tasks.bill-run.zone"),
        ("tasks.yml", "calendar: always", "calendar: sometimes", "database-backup: calendar sometimes is not in cal"),
        ("tasks.yml", "system: billing", "system: biling", "bill-run: system biling is not in routing.yml"),
        ("tasks.yml", "lasts: 6h", "lasts: a while", r"tasks.yml:\d+: tasks.bill-run.lasts"),
        ("calendars.yml", "country: GB", "country: ZZ", "no public holidays known for ZZ"),
        ("messages.yml", "ticket {reference} for", "ticket {refrence} for", "unknown place 'refrence'"),
        ("messages.yml", "ticket {reference} for", "ticket {area} for", r"messages.yml:9: .*unknown place 'area'"),
        ("messages.yml", "ticket {reference} for", "ticket {reference:9} for", "a place is a name in braces"),
        ("messages.yml", "of {service} in {area}: {count}", "{reference}: {count}", "unknown place 'reference'"),
        ("messages.yml", "zone:", "zone: [", "not readable as YAML"),
        (
            "clients.yml",
            "scopes: [tickets:read, tickets:write]",
            "scopes: [hub]",
            r"clients.yml:10: .*needs `sees: all`",
        ),
        ("replies.yml", "{promised};", "{promise};", r"replies.yml:12: replies.2.text: .*{promise} is not known"),
        ("replies.yml", "{promised};", "{promised;", r"replies.yml:12: replies.2.text: .*no counterpart"),
        ("replies.yml", "departments: [billing]", "departments: [biling]", r"replies.yml:20: .*not a department"),
        ("replies.yml", "name: Still looking", "name: Greeting", r"replies.yml:9: .*two replies 'Greeting' in en"),
        ("calls.yml", 'sat: ["09:00-18:00"]', 'sat: ["18:00-09:00"]', r"calls.yml:10: .*ends before it begins"),
        ("calls.yml", "attempts: 3", "attempts: 30", r"calls.yml:\d+: callback.attempts"),
        ("messages.yml", "{operator}: how satisfied", "{reference}: how satisfied", "unknown place 'reference'"),
        ("board.yml", "  contained: 50", "  deflection: 50", "no indicator is called deflection"),
        ("board.yml", "to: []", "to: [nobody.here]", "report: nobody.here is not in people.yml"),
        ("board.yml", "to: []", "to: [amira.khan]", "report: amira.khan may not see the board"),
        (
            "priority.yml",
            "{safety: true}",
            "{saftey: true}",
            r"priority.yml:11: weights.0.when: .*unknown signal saftey",
        ),
        ("priority.yml", "{affected: several}", "{affected: two}", r"priority.yml:13: .*one of one, several, many"),
        ("priority.yml", "{affected: several}", "{affected: one}", r"priority.yml:13: .*what every ticket has"),
        ("priority.yml", "{vulnerable: true}", "{vulnerable: 1}", r"priority.yml:19: .*vulnerable is true or false"),
        ("priority.yml", "{repeat_contacts: 2}", "{repeat_contacts: two}", r"priority.yml:22: .*a whole number"),
        ("priority.yml", "{repeat_contacts: 2}", "{repeat_contacts: 1}", r"priority.yml:11: weights: .*two weights"),
        ("priority.yml", "impact: medium, says: a gold", "says: a gold", r"priority.yml:16: weights.5: .*for nothing"),
        ("priority.yml", "{repeat_contacts}", "{contacts}", r"priority.yml:22: .*unknown place 'contacts'"),
        ("priority.yml", "urgency: high, says: the", "hurry: high, says: the", r"priority.yml:17: weights.6.hurry"),
        ("priority.yml", "urgency: high, says: the", "urgency: top, says: the", r"priority.yml:17: weights.6.urgency"),
        ("priority.yml", "low: P3}", "low: P5}", r"priority.yml:29: matrix.high.low"),
        ("priority.yml", ", low: P3}", "}", r"priority.yml:29: matrix: .*a priority for every impact"),
        (
            "priority.yml",
            "high: P1, medium: P2",
            "high: P2, medium: P1",
            r"high impact and high urgency make P2, lower",
        ),
        ("priority.yml", "matrix:", "weighs: 1\nmatrix:", r"priority.yml:28: weighs"),
    ],
)
def test_a_mistake_is_named_where_it_is(folder: Path, name: str, written: str, instead: str, complaint: str) -> None:
    file = folder / name
    text = file.read_text()
    assert written in text
    file.write_text(text.replace(written, instead, 1))

    with pytest.raises(PolicyError, match=complaint):
        policy.load(folder)


def test_who_is_away_needs_somebody_present_in_the_end(folder: Path) -> None:
    people = (folder / "people.yml").read_text()
    (folder / "people.yml").write_text(
        people.replace("substitute: nadia.petrova", "away: true\n  substitute: nadia.petrova").replace(
            "skills: [fraud]\n  maximum: 12", "skills: [fraud]\n  away: true"
        )
    )

    with pytest.raises(PolicyError, match=r"felix\.moreau is away, and so is everybody who would stand in"):
        policy.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "tiers.yml").unlink()

    with pytest.raises(PolicyError, match=r"tiers\.yml is missing"):
        policy.load(folder)


def test_a_change_of_policy_has_another_version(folder: Path) -> None:
    before = policy.load(folder).version
    (folder / "sla.yml").write_text((folder / "sla.yml").read_text().replace("15m", "20m"))

    assert policy.load(folder).version != before
