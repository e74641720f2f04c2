from pathlib import Path

import pytest

from ops import preflight, run
from ops.embedded import free_port
from ops.product import Product


def test_the_demo_sends_to_the_stand_in(tmp_path: Path) -> None:
    told = Product(tmp_path, {}).environment

    assert told["TWILIO_API_BASE"] == told["FIRSTLINE_OPERATOR_URL"]
    assert told["TWILIO_ACCOUNT_SID"]


def test_a_real_twilio_account_is_not_sent_to_the_stand_in(tmp_path: Path) -> None:
    told = Product(tmp_path, {"TWILIO_ACCOUNT_SID": "AC1"}).environment

    assert "TWILIO_API_BASE" not in told
    assert told["TWILIO_ACCOUNT_SID"] == "AC1"


def test_outside_the_demo_what_is_missing_is_named(tmp_path: Path) -> None:
    environment = {"FIRSTLINE_DEMO": "false", "FIRSTLINE_PORT": str(free_port()), "TWILIO_AUTH_TOKEN": "t"}

    with pytest.raises(preflight.CannotStart, match="FIRSTLINE_OPERATOR_URL") as refused:
        run.prepare(tmp_path, environment)

    assert "TWILIO_AUTH_TOKEN" not in str(refused.value)
