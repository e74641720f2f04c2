"""Who is on duty, who stands in, and whom a ticket is offered to: the rules, over rosters nobody thought of."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.calendar import Calendar
from escalation.offer import Floor, Outcome, Presence, choose, over_for
from escalation.roster import Span, Worker, on_duty, stand_in, uncovered

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday
NAMES = ("ann", "ben", "cy", "dee", "eve")
HOUR = timedelta(hours=1)
NINE_TO_FIVE = Calendar(name="office", zone="Europe/London", week={0: ((time(9), time(17)),)})


def span(begins_h: int, ends_h: int, substitute: str | None = None) -> Span:
    return Span(NOW + begins_h * HOUR, NOW + ends_h * HOUR, substitute)


@pytest.mark.parametrize(
    ("worker", "works"),
    [
        (Worker(maximum=1), True),
        (Worker(maximum=1, shifts=NINE_TO_FIVE), True),
        (Worker(maximum=1, shifts=NINE_TO_FIVE, absences=(span(-1, 1),)), False),
        (Worker(maximum=1, shifts=NINE_TO_FIVE, absences=(span(-2, 0),)), True),
        (Worker(maximum=1, shifts=NINE_TO_FIVE, away=True), False),
        (Worker(maximum=1, shifts=Calendar(name="never")), False),
        (Worker(maximum=1, shifts=Calendar(name="never"), extra=(span(0, 1),)), True),
        (Worker(maximum=1, shifts=Calendar(name="never"), extra=(span(0, 1),), absences=(span(0, 1),)), False),
    ],
    ids=["no shifts", "in a shift", "absent", "back at the end", "away", "no shift", "extra shift", "extra and absent"],
)
def test_who_is_in_a_shift_and_not_absent_is_on_duty(worker: Worker, works: bool) -> None:
    assert on_duty({"ann": worker}, NOW) == ({"ann"} if works else set())


def test_a_shift_follows_the_clock_of_the_persons_zone() -> None:
    worker = Worker(maximum=1, shifts=Calendar(name="ny", zone="America/New_York", week={0: ((time(9), time(17)),)}))

    assert not worker.is_on_duty(NOW)
    assert worker.is_on_duty(NOW + 4 * HOUR)  # 09:00 in New York


def test_an_absence_names_its_own_substitute_before_the_persons() -> None:
    people = {
        "ann": Worker(maximum=1, substitute="ben", absences=(span(0, 1, "cy"),)),
        "ben": Worker(maximum=1),
        "cy": Worker(maximum=1, substitute="ben", absences=(span(0, 1),)),
    }

    assert stand_in("ann", people, NOW) == "ben"
    assert list(uncovered({**people, "ben": Worker(maximum=1, away=True)}, NOW)) == ["ann", "ben", "cy"]


absences = st.builds(span, st.integers(-3, 2), st.integers(-1, 3), st.sampled_from((None, *NAMES)))
workers = st.builds(
    Worker,
    away=st.booleans(),
    absences=st.lists(st.builds(span, st.integers(-3, 2), st.integers(-1, 3), st.sampled_from((None, *NAMES)))).map(
        tuple
    ),
    extra=st.lists(st.builds(span, st.integers(-3, 2), st.integers(-1, 3))).map(tuple),
    shifts=st.sampled_from((None, NINE_TO_FIVE, Calendar(name="never"))),
    substitute=st.sampled_from((None, *NAMES)),
    skills=st.frozensets(st.sampled_from(("fraud", "fibre"))),
    maximum=st.integers(1, 3),
)
presences = st.builds(
    Presence,
    state=st.sampled_from((None, "ready", "ready", "ready", "talking", "wrap_up", "away", "break")),
    since=st.sampled_from((None, NOW - HOUR, NOW - 2 * HOUR)),
    accepted=st.integers(0, 3),
    offered=st.integers(0, 2),
)
floors = st.builds(
    Floor,
    st.just(NOW),
    st.fixed_dictionaries(dict.fromkeys(NAMES, workers)),
    st.dictionaries(st.sampled_from(NAMES), presences),
)
some = st.lists(st.sampled_from(NAMES), unique=True)
skills = st.sampled_from((None, "fraud", "fibre"))


@given(floors, some, skills, some)
def test_nobody_is_offered_what_they_cannot_take(
    floor: Floor, regular: list[str], skill: str | None, already: list[str]
) -> None:
    person = choose(floor, regular, skill, already)

    if person is not None:
        worker, presence = floor.workers[person], floor.presence(person)
        assert person in on_duty(floor.workers, NOW)
        assert presence.state == "ready"
        assert presence.accepted + presence.offered < worker.maximum
        assert skill is None or skill in worker.skills
        assert person not in already
        assert person in regular or any(stand_in(name, floor.workers, NOW) == person for name in regular)


@given(floors, some, skills)
def test_a_round_asks_each_once_and_ends_with_everybody_who_could(
    floor: Floor, regular: list[str], skill: str | None
) -> None:
    asked: list[str] = []
    while (person := choose(floor, regular, skill, asked)) is not None:
        asked.append(person)

    assert len(asked) == len(set(asked))
    able = {name for name in regular if not floor.workers[name].is_absent(NOW) and floor.is_available(name, skill)}
    assert able <= set(asked)


@given(floors, some)
def test_who_has_least_is_asked_first_and_then_who_has_waited_longest(floor: Floor, regular: list[str]) -> None:
    first = choose(floor, regular, None, ())
    second = choose(floor, regular, None, () if first is None else (first,))

    if first is not None and second is not None:
        one, other = floor.presence(first), floor.presence(second)
        assert (one.load, one.since or NOW) <= (other.load, other.since or NOW)


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, workers)))
def test_whoever_stands_in_is_there_and_no_chain_is_endless(people: Mapping[str, Worker]) -> None:
    for name in NAMES:
        person = stand_in(name, people, NOW)

        assert person is None or not people[person].is_absent(NOW)
        assert (name in uncovered(people, NOW)) == (people[name].is_absent(NOW) and person is None)


@pytest.mark.parametrize(
    ("worker", "presence", "due_in_h", "outcome"),
    [
        (Worker(maximum=2), Presence(state="ready", since=NOW, accepted=1, offered=1), 1, None),
        (Worker(maximum=2), Presence(state="talking", since=NOW, accepted=1, offered=1), 1, None),
        (Worker(maximum=2), Presence(state="ready", since=NOW, accepted=1, offered=1), 0, Outcome.NO_ANSWER),
        (Worker(maximum=2), Presence(state="break", since=NOW, accepted=1, offered=1), 1, Outcome.OFF_DUTY),
        (Worker(maximum=2, away=True), Presence(state="ready", since=NOW, accepted=1, offered=1), 1, Outcome.OFF_DUTY),
        (Worker(maximum=2), Presence(state="ready", since=NOW, accepted=2, offered=1), 1, Outcome.OVERLOADED),
    ],
)
def test_an_offer_ends_by_time_or_when_its_person_cannot_take_it(
    worker: Worker, presence: Presence, due_in_h: int, outcome: Outcome | None
) -> None:
    floor = Floor(NOW, {"ann": worker}, {"ann": presence})

    assert over_for(floor, "ann", NOW + due_in_h * HOUR) is outcome
