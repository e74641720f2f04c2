"""actions.app: what Rasa reaches over HTTP, and that its YAML and our Python agree."""

import re
import warnings
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import yaml

import actions.app
from actions.app import create_app, executor, find_actions
from actions.memory import Stage
from actions.rightful import REPLY
from settings import Settings
from tests.actions.shown import DOMAIN, ROOT
from tests.actions.world import CONTACT, Talk

FILES = sorted((ROOT / "actions").glob("*.py"))


def yaml_of(folder: str) -> list[tuple[Path, Any]]:
    return [(file, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in sorted((ROOT / folder).glob("*.yml"))]


def call(action: str, text: str) -> dict[str, Any]:
    slots = {"medium": "screen", "language": "en", "contact_id": str(CONTACT)}
    latest = {"text": text, "intent": {"name": "greet"}, "metadata": {"turn_id": "t1"}}
    tracker = {"sender_id": CONTACT.hex, "slots": slots, "latest_message": latest, "events": [], "paused": False}
    return {
        "next_action": action,
        "sender_id": CONTACT.hex,
        "tracker": tracker,
        "version": "3.6.21",
    }


async def test_rasas_call_is_answered_without_the_warning_about_versions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reply = await actions.app.run_call(executor(Talk()._tools()), call("action_greet", "hi"))

    assert [response["response"] for response in reply["responses"]] == ["utter_welcome"]
    assert reply["events"][-1] == {"event": "followup", "timestamp": None, "name": "action_listen"}


async def test_a_session_begins_with_the_slots_of_the_contact() -> None:
    asked = call("action_session_start", "")
    asked["tracker"]["latest_message"] = {}
    asked["tracker"]["slots"] = {"session_started_metadata": {"medium": "ear", "language": "en", "caller": "+441"}}

    reply = await actions.app.run_call(executor(Talk()._tools()), asked)

    assert [event["event"] for event in reply["events"]] == ["session_started", "slot", "slot", "slot", "action"]


async def test_nobody_calls_without_the_internal_token(settings: Settings) -> None:
    app = create_app(settings)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
        reply = await http.post("/webhook", json=call("action_greet", "hi"))

    assert reply.status_code == 401


def test_an_empty_internal_token_is_refused(settings: Settings) -> None:
    with pytest.raises(ValueError, match="FIRSTLINE_INTERNAL_TOKEN"):
        create_app(
            settings.model_copy(update={"firstline_internal_token": type(settings.firstline_internal_token)("")})
        )


def test_every_action_of_the_domain_is_there() -> None:
    named = {name for _, content in yaml_of("bot/domain") for name in content.get("actions", [])}

    assert named <= find_actions().keys()
    assert set(REPLY.values()) <= named


def test_every_action_that_another_goes_on_to_is_there() -> None:
    named = {name for file in FILES for name in re.findall(r'"(action_[a-z_]+)"', file.read_text())} - {"action_listen"}

    assert named <= find_actions().keys()


def test_every_response_that_is_said_is_in_the_domain_and_the_other_way_round() -> None:
    text = "".join(file.read_text() for file in FILES)
    named = set(re.findall(r'"((?:utter|phrase)_[A-Za-z_]+[a-z])"', text))
    by_beginning: tuple[str, ...] = ("utter_ticket_", "utter_status_", "phrase_affected_", "phrase_act_")
    by_beginning += (
        "phrase_service_",
        "phrase_tried_",
        "phrase_quantity_",
        "phrase_left_",
        "phrase_unlimited_",
        "phrase_payment_",
        "utter_order_",
        "utter_topup_",
        "phrase_plan_kind_",
        "phrase_cancel_reason_",
        "utter_cancel_offer_",
        "utter_credential_",
        "phrase_credential_",
        "utter_visit_confirm_",
        "utter_visit_book_",
        "utter_visit_move_",
    )
    built = {name for name in DOMAIN["responses"] if name.startswith(by_beginning)}

    assert named - DOMAIN["responses"].keys() <= {"utter_ticket", "utter_status", "phrase_affected"}
    assert set(DOMAIN["responses"]) - named - built == {"utter_default"}


def test_what_is_heard_has_no_symbols() -> None:
    for name, variants in DOMAIN["responses"].items():
        for variant in variants:
            if variant.get("condition"):
                assert not re.search(r"[*_#<>\[\]/]", variant["text"].replace("{", "").replace("}", "")), name


def test_topics_have_the_same_file_names_everywhere() -> None:
    domain = {file.stem for file, _ in yaml_of("bot/domain")}

    assert {file.stem for file, _ in yaml_of("data/nlu")} <= domain
    assert {file.stem for file, _ in yaml_of("data/rules")} == domain
    assert domain <= {file.stem for file in FILES}


def test_every_stage_is_a_value_of_its_slot() -> None:
    (values,) = [
        body["slots"]["stage"]["values"] for _, body in yaml_of("bot/domain") if "stage" in body.get("slots", {})
    ]

    assert set(values) == set(REPLY) == set(get_args(Stage))
