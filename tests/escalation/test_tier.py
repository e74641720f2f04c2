"""Who is asked, and who comes next."""

from dataclasses import dataclass

from escalation.tier import Asked, first_asked, moved_up, next_asked, present, tier_above, tier_below

ROSTER = {1: ["ann", "ben"], 2: ["cy"], 4: ["vera"]}


@dataclass(frozen=True)
class Someone:
    away: bool = False
    substitute: str | None = None


STAFF = {name: Someone() for name in ("ann", "ben", "cy", "vera", "zoe")}


def test_the_first_contact_of_the_tier_is_asked_first() -> None:
    assert first_asked(1, ROSTER, STAFF) == Asked(1, "ann")


def test_a_tier_without_people_falls_to_the_one_above() -> None:
    assert first_asked(3, ROSTER, STAFF) == Asked(4, "vera")


def test_who_does_not_accept_is_followed_by_the_next_of_the_tier_then_by_the_tier_above() -> None:
    asked: Asked | None = Asked(1, "ann")
    order = []
    while asked is not None:
        order.append(asked.contact)
        asked = next_asked(asked, ROSTER, STAFF)

    assert order == ["ann", "ben", "cy", "vera"]


def test_a_deadline_moves_to_somebody_with_more_power() -> None:
    assert moved_up(1, ROSTER, STAFF) == Asked(2, "cy")
    assert moved_up(4, ROSTER, STAFF) is None


def test_tiers_without_people_are_passed_over() -> None:
    assert (tier_above(2, ROSTER), tier_below(4, ROSTER), tier_below(1, ROSTER)) == (4, 2, None)


def test_nothing_waits_on_someone_who_is_away() -> None:
    staff = {**STAFF, "ann": Someone(away=True, substitute="zoe")}

    assert first_asked(1, ROSTER, staff) == Asked(1, "zoe")
    assert next_asked(Asked(1, "zoe"), ROSTER, staff) == Asked(1, "ben")


def test_substitutes_who_are_away_pass_the_work_on() -> None:
    staff = {**STAFF, "ann": Someone(away=True, substitute="ben"), "ben": Someone(away=True, substitute="zoe")}

    assert present("ann", staff) == "zoe"


def test_two_who_stand_in_for_each_other_do_not_go_in_circles() -> None:
    staff = {**STAFF, "ann": Someone(away=True, substitute="ben"), "ben": Someone(away=True, substitute="ann")}

    assert present("ann", staff) == "ann"
