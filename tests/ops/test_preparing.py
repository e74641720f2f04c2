"""ops.preparing: steps run at once, and one that fails is told with its own words."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from ops import preparing
from ops.preparing import Preparation, Step
from ops.processes import NotReady

WAITS = """
import pathlib, time
pathlib.Path('{mine}').touch()
while not pathlib.Path('{other}').exists():
    time.sleep(.01)
"""


def run_all(steps: Sequence[Step], logs: Path, say: Callable[[str], None]) -> dict[str, str]:
    with Preparation(os.environ, logs, say) as preparation:
        for each in steps:
            preparation.begin(each)
        return preparation.finish()


def step(name: str, program: str) -> Step:
    return Step(name, f"doing {name}", [sys.executable, "-c", program])


def test_steps_run_at_once_and_what_each_printed_comes_back(tmp_path: Path) -> None:
    """Each waits for a file that the other one makes."""
    one, two = tmp_path / "one", tmp_path / "two"
    steps = [
        step("first", WAITS.format(mine=one, other=two) + "print('a')\nprint('b')"),
        step("second", WAITS.format(mine=two, other=one) + "print('c')"),
    ]
    said: list[str] = []

    assert run_all(steps, tmp_path, said.append) == {"first": "a\nb", "second": "c"}
    assert said[:2] == ["doing first", "doing second"]


def test_one_that_fails_ends_the_others_and_is_named(tmp_path: Path) -> None:
    steps = [step("long", "import time; time.sleep(60)"), step("broken", "raise SystemExit('no disk')")]
    begun = time.monotonic()

    with pytest.raises(NotReady, match=r"(?s)broken: .* ended with code 1.*no disk"):
        run_all(steps, tmp_path, lambda _: None)

    assert time.monotonic() - begun < 30


def test_what_takes_long_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "TELL_EVERY_S", 0.05)
    said: list[str] = []

    run_all([step("long", "import time; time.sleep(.5)"), step("short", "")], tmp_path, said.append)

    assert said[-1] == "doing long ..."


def test_a_step_sees_the_environment_as_it_is_when_it_begins(tmp_path: Path) -> None:
    tells = "import os; print(os.environ.get('GIVEN_LATE'))"
    environment = {"PATH": os.environ["PATH"]}

    with Preparation(environment, tmp_path, lambda _: None) as preparation:
        preparation.begin(step("early", tells))
        environment["GIVEN_LATE"] = "yes"
        preparation.begin(step("late", tells))

        assert preparation.finish() == {"early": "None", "late": "yes"}


def test_whoever_leaves_before_the_end_stops_what_is_not_done(tmp_path: Path) -> None:
    begun = time.monotonic()

    with suppress(KeyboardInterrupt), Preparation(os.environ, tmp_path, lambda _: None) as preparation:
        preparation.begin(step("long", "import time; time.sleep(60)"))
        raise KeyboardInterrupt

    assert time.monotonic() - begun < 30
