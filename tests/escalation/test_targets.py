"""Which targets a ticket gets: the most specific entry of sla.yml, and a mistake where two are."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from escalation import policy
from escalation.policy import PolicyError
from escalation.priority import Priority

GOLD = "  - {segment: gold, targets: {P3: {respond: {within: 3h, calendar: always}}}}\n"
TV = "  - {topic: [tv, wifi], targets: {P3: {respond: {within: 1h, calendar: always}}}}\n"
BOTH = "  - {segment: gold, topic: [wifi, tv], targets: {P3: {respond: {within: 30m, calendar: always}}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in policy.READ:
        shutil.copy(policy.FOLDER / name, tmp_path / name)
    return tmp_path


def write(folder: Path, entries: str) -> None:
    file = folder / "sla.yml"
    text = file.read_text()
    begins, ends = text.index("for:\n"), text.index("# A tier may keep")
    file.write_text(text[:begins] + "for:\n" + entries + text[ends:])


@pytest.mark.parametrize(
    ("segment", "topic", "minutes"),
    [("consumer", "sim", 240), ("gold", "sim", 180), ("consumer", "tv", 60), ("gold", "wifi", 30)],
)
def test_the_most_specific_entry_wins(folder: Path, segment: str, topic: str, minutes: int) -> None:
    write(folder, GOLD + TV + BOTH)

    frozen = policy.load(folder).freeze(Priority.P3, segment=segment, topic=topic)

    assert frozen.targets["respond"].within == timedelta(minutes=minutes)
    assert frozen.targets["resolve"].within == timedelta(hours=24)  # no entry says another


@pytest.mark.parametrize("settled_in_part", ["", BOTH.replace("[wifi, tv]", "wifi")])
def test_two_entries_for_one_ticket_are_a_mistake_with_its_line(folder: Path, settled_in_part: str) -> None:
    write(folder, GOLD + TV + settled_in_part)

    with pytest.raises(PolicyError, match=r"sla.yml:38: for.1.targets.P3.respond: entry 1 says the same .* gold about"):
        policy.load(folder)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (GOLD.replace("gold", "silver"), "segment silver is not known"),
        (TV.replace("wifi", "hifi"), "topic hifi is not a category"),
        (GOLD.replace("segment: gold, ", ""), "says for nobody in particular"),
        (GOLD.replace("always", "never"), "for.0.targets.P3.respond: calendar never is not in"),
    ],
)
def test_an_entry_for_nobody_is_a_mistake(folder: Path, entry: str, complaint: str) -> None:
    write(folder, entry)

    with pytest.raises(PolicyError, match=complaint):
        policy.load(folder)
