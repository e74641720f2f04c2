"""The YAML files against the Python: what one names, the other has."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = sorted((ROOT / "bot" / "domain").glob("*.yml"))
RULES = sorted((ROOT / "data" / "rules").glob("*.yml"))
# Rasa's own actions that a domain may replace; they are ours when `actions/` has a function of the same name.
RASA_ACTIONS = {"action_session_start", "action_listen", "action_restart", "action_default_fallback"}
SAID_BY_RASA = {"utter_default"}  # when no rule fits
MARKUP = re.compile(r"[*_`#\[\]<>]|https?:")


@cache
def domain(part: str) -> dict[str, Any]:
    """One part of the domain, put together from every file; lists become keys without values."""
    found: dict[str, Any] = {}
    for file in DOMAIN:
        piece = yaml.safe_load(file.read_text(encoding="utf-8")).get(part) or {}
        for name in piece:
            value = piece[name] if isinstance(piece, dict) else None
            found.update(name if isinstance(name, dict) else {name: value})
    return found


@cache
def strings_in_actions(prefix: str) -> set[str]:
    """Every string constant of `actions/` that looks like a name with that prefix."""
    return {
        node.value
        for file in (ROOT / "actions").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(prefix + r"\w+", node.value)
    }


def functions_of_actions() -> set[str]:
    return {
        node.name
        for file in (ROOT / "actions").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("action_")
    }


@cache
def steps_of_rules(key: str) -> set[str]:
    rules = (rule for file in RULES for rule in yaml.safe_load(file.read_text(encoding="utf-8")).get("rules", []))
    steps = [step for rule in rules for step in rule["steps"]]
    return {inner[key] for step in steps for inner in step.get("or", [step]) if key in inner}


def test_every_action_of_the_domain_is_a_function() -> None:
    assert set(domain("actions")) - functions_of_actions() - RASA_ACTIONS == set()


def test_every_action_function_is_named_by_a_rule_or_by_another_action() -> None:
    assert functions_of_actions() - set(domain("actions")) - strings_in_actions("action_") == set()


def test_every_action_that_is_named_exists() -> None:
    named = strings_in_actions("action_") | {name for name in steps_of_rules("action") if name.startswith("action_")}

    assert named - functions_of_actions() - RASA_ACTIONS == set()


def test_every_response_that_is_named_exists() -> None:
    assert {name for name in named_responses() if not responses_named_by(name)} == set()


def test_no_response_is_left_over() -> None:
    used = {response for name in named_responses() for response in responses_named_by(name)}

    assert set(domain("responses")) - used - SAID_BY_RASA == set()


def named_responses() -> set[str]:
    return (
        strings_in_actions("utter_")
        | strings_in_actions("phrase_")
        | (steps_of_rules("action") - functions_of_actions())
    )


def responses_named_by(name: str) -> set[str]:
    """A name that ends in "_" is completed by a value: it stands for all that begin so."""
    return {one for one in domain("responses") if one == name or (name.endswith("_") and one.startswith(name))}


def test_rules_use_intents_of_the_domain() -> None:
    assert steps_of_rules("intent") - set(domain("intents")) - {"nlu_fallback"} == set()


@pytest.mark.parametrize("name", sorted(domain("responses")))
def test_what_the_ear_hears_has_no_markup(name: str) -> None:
    variants = domain("responses")[name]
    for_the_ear = [one["text"] for one in variants if any(c["value"] == "ear" for c in one.get("condition", []))]
    heard = for_the_ear or [one["text"] for one in variants]

    assert [text for text in heard if MARKUP.search(re.sub(r"\{\w+\}", "", text))] == []


@pytest.mark.parametrize("name", sorted(domain("responses")))
def test_a_variant_for_the_ear_names_its_language(name: str) -> None:
    conditions = [one.get("condition", []) for one in domain("responses")[name]]

    assert all({c["name"] for c in condition} >= {"medium", "language"} for condition in conditions if condition)


def test_a_topic_has_the_same_file_name_everywhere() -> None:
    topics = {file.stem for file in DOMAIN}

    assert {file.stem for file in RULES} == topics
    assert {file.stem for file in (ROOT / "data" / "nlu").glob("*.yml")} <= topics
    assert {topic for topic in topics if not (ROOT / "actions" / f"{topic}.py").exists()} == set()


def test_rasas_files_use_settings_of_the_same_name() -> None:
    made_by_the_server = {"FIRSTLINE_INTERNAL_TOKENS"}  # take_secrets in bot/server.py, out of the setting
    known = {name.upper() for name in Settings.model_fields} | made_by_the_server
    used = {
        name
        for file in (ROOT / "bot").glob("*.yml")
        for name in re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8"))
    }

    made = set(re.findall(r'os\.environ\["(\w+)"\] =', (ROOT / "bot" / "server.py").read_text(encoding="utf-8")))
    assert used
    assert used - known - made == set()


def test_the_example_of_env_names_every_setting() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.removeprefix("# ").partition("=")[0] for line in lines if re.match(r"(# )?[A-Z][A-Z_]+=", line)]

    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_every_topic_of_an_article_is_routed() -> None:
    routed = yaml.safe_load((ROOT / "data" / "operator" / "routing.yml").read_text(encoding="utf-8"))
    wanted: dict[str, set[str]] = {"categories": set(), "departments": set()}
    for file in (ROOT / "knowledge" / "articles").glob("*.md"):
        head = yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1])
        wanted["categories"] |= {head["topic"], head["hand_over"]["category"]}
        wanted["departments"].add(head["hand_over"]["department"])

    assert wanted["categories"] - set(routed["categories"]) == set()
    assert wanted["departments"] - set(routed["departments"]) == set()
