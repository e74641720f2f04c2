"""What runs inside Rasa, checked in Rasa's own environment."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
pytestmark = pytest.mark.product


def inside_rasa(check: str, redis_url: str) -> list[str]:
    """The lines that the check of tests/bot/inside_rasa.py printed."""
    command = [str(PYTHON), "-W", "ignore", "tests/bot/inside_rasa.py", check, redis_url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout.split("\n")[:-1]


def test_fifty_turns_at_once_over_two_servers_lose_none(redis_url: str) -> None:
    assert inside_rasa("locks", redis_url) == ["counted 50, locks left 0"]


def test_a_lock_is_released_only_by_its_holder(redis_url: str) -> None:
    assert inside_rasa("someone_elses_lock", redis_url) == ["another"]


def test_a_lock_lasts_as_long_as_its_turn_and_no_longer_than_its_server(redis_url: str) -> None:
    assert inside_rasa("a_long_turn", redis_url) == ["kept True, freed True, done"]


def test_without_redis_a_turn_fails_instead_of_forgetting(redis_url: str) -> None:
    assert inside_rasa("no_redis", redis_url) == ["LockError"]


def test_a_long_conversation_stays_short_in_memory_and_keeps_what_it_knows(redis_url: str) -> None:
    assert inside_rasa("events", redis_url) == ["ear flow words 99 reply 99", "expires True"]


def test_a_failed_turn_is_an_error_and_a_repeated_one_is_not_taken_twice(redis_url: str) -> None:
    assert inside_rasa("channel", redis_url) == [
        "[True, False, False] [503, 503, 200] ['first', 'last'] asked 1 time, same True"
    ]


def test_the_replaced_internals_decide_as_rasas_own(redis_url: str) -> None:
    assert inside_rasa("hot_spots", redis_url) == [
        "same verdicts True, of them good 3, bad 11, same types True",
        "faster True",
    ]


def test_rules_are_found_by_intent_as_rasa_finds_them(redis_url: str) -> None:
    assert inside_rasa("rules", redis_url) == ["72 rules, 91 conversations, 91 find any, same True"]


def test_rasa_is_imported_without_tensorflow(redis_url: str) -> None:
    assert inside_rasa("absent", redis_url) == [
        "TensorFlow is not here, TensorFlow is not here, decorators leave alone True, loaded []"
    ]


def test_a_call_of_an_action_carries_no_domain(redis_url: str) -> None:
    assert inside_rasa("no_domain", redis_url) == [
        "['next_action', 'sender_id', 'tracker', 'version'], actions that ask for it []"
    ]
