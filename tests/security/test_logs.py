"""Nothing that tells who somebody is gets into the log, whoever logs it, and a line stays one line."""

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

import logs
from benchmarks.masking import falsely_masked, measure
from logs import masked
from settings import ROOT, Settings
from tests.chat.fakes import World, site
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import phone, service
from tests.security.hostile import any_text

PERSONAL = ("Josephine", "Quartermain", "900123", "jo.q@example.com", "LF1 4AB", "4111", "hunter2", "10023456")
SAID = (
    "My name is Josephine Quartermain, ring 07700 900123 or mail jo.q@example.com, I live in LF1 4AB",
    "account 10023456, I paid with 4111 1111 1111 1111, my password is hunter2",
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, as a program's file would hold it."""
    factory, hook, thread_hook = logging.getLogRecordFactory(), sys.excepthook, threading.excepthook
    logs.mask()
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    sys.excepthook, threading.excepthook = hook, thread_hook


def found_in(text: str) -> list[str]:
    return [each for each in PERSONAL if each in text]


def test_messages_arguments_and_tracebacks_are_masked(log: io.StringIO) -> None:
    logging.getLogger("any.library").warning("said %s", SAID[0])
    logging.getLogger("uvicorn.error").error(SAID[1])
    try:
        raise ValueError(SAID[0]) from KeyError(SAID[1])
    except ValueError:
        logging.getLogger("ours").exception("broken by %r", SAID, stack_info=True)

    assert "Traceback" in log.getvalue()
    assert "said My name is [name] [name], ring [number] or mail [e-mail]" in log.getvalue()
    assert found_in(log.getvalue()) == []


def test_what_libraries_quote_of_their_input_is_masked(log: io.StringIO) -> None:
    class Wanted(BaseModel):
        number: int

    try:
        Wanted.model_validate({"number": f"just {PERSONAL[0]}, without a cue"})
    except ValidationError:
        logging.getLogger("ours").exception("refused")
    logging.getLogger("db").error("DETAIL:  Key (reachable)=(Josephine) already exists.")
    logging.getLogger("db").error("connecting to postgresql://firstline:hunter2@db/firstline")
    logging.getLogger("http").error("sent Authorization: Bearer 4111abc-hunter2")

    assert found_in(log.getvalue()) == []


def test_nobody_writes_a_line_of_their_own_into_the_log(log: io.StringIO) -> None:
    logging.getLogger("chat").warning("said %s", "well\r\nERROR root all is lost\x1b[2J\u2028\x00")

    assert log.getvalue().splitlines() == [r"WARNING chat said well\r\nERROR root all is lost\x1b[2J\u2028\x00"]


def test_arguments_that_do_not_fit_are_not_printed_either(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("ours").warning("one %s", *SAID)

    assert "do not fit" in log.getvalue()
    assert found_in(log.getvalue() + "".join(capsys.readouterr())) == []


def test_what_ends_a_program_or_a_thread_is_masked(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise RuntimeError(SAID[0])
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
        threading.excepthook(threading.ExceptHookArgs((RuntimeError, error, error.__traceback__, None)))

    told = capsys.readouterr().err
    assert told.count("RuntimeError: My name is [name]") == 2
    assert found_in(told) == []


@pytest.mark.parametrize(
    "ours",
    [
        "contact 7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11: the assistant is silent, step 3",
        "call CA0123456789abcdef0123456789abcdef: its state cannot be read",
        "ticket FL-48317264 was refused with 409",
        "entry 1764099000000-0 of ivr:trail",
        "2026-11-25 19:43:00,123 INFO escalation.watch 12 clocks in 103 ms",
        "Uvicorn running on http://127.0.0.1:38123 (Press CTRL+C to quit)",
        "Started server process [1234567]",
        'File "/opt/firstline/web.py", line 31, in lifespan',
    ],
)
def test_what_engineers_need_stays(ours: str) -> None:
    assert masked(ours) == ours


@given(text=any_text())
def test_no_text_breaks_the_masking_and_none_spans_two_lines(text: str) -> None:
    record = logs.MaskedRecord("any", logging.ERROR, "", 0, "said %s", (text,), None)

    assert len(record.getMessage().splitlines()) == 1


def test_at_least_98_of_100_pieces_of_personal_data_are_masked_and_few_clean_texts_change() -> None:
    made, caught, missed = measure(300, seed=7)
    clean, changed = falsely_masked()

    assert made.total() == 300
    assert caught.total() / made.total() >= 0.98, missed
    assert len(changed) / clean <= 0.01, changed


async def test_a_conversation_and_a_call_leave_nothing_personal_in_the_log(
    settings: Settings, log: io.StringIO
) -> None:
    """Both ends away, so that everything that can be complained of is."""
    world = World()
    world.bot.away = world.escalation.away = True
    chat = site(settings, world)
    desk = FakeDesk(is_away=True)
    transport = httpx.ASGITransport(app=chat, raise_app_exceptions=False)
    async with (
        chat.router.lifespan_context(chat),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http,
        service(settings, FakeAssistant(desk, is_silent=True), desk) as network,
    ):
        opened = (await http.post("/chat/conversations", json={})).json()
        for number, text in enumerate(SAID):
            sent = await http.post(
                f"/chat/conversations/{opened['conversation_id']}/messages",
                content=json.dumps({"text": text, "message_id": str(number)}),
                headers={"Authorization": f"Bearer {opened['token']}"},
            )
            assert sent.status_code == 202
        telephone = phone(network, settings, "+447700900123")
        await telephone.dial()
        for text in SAID:
            if telephone.wants == "words":
                await telephone.says(text)
        await telephone.hangs_up()

    assert "contact" in log.getvalue()
    assert found_in(log.getvalue()) == []


JSON_PROGRAM = """
import logging, uvicorn, logs
uvicorn.Config("web:create_app")  # sets up handlers of its own
logs.mask()
logging.getLogger("firstline.test").warning("ring 07700 900123\\nor write")
logging.getLogger("uvicorn.error").info("Started")
try:
    raise ValueError("mail jo.q@example.com")
except ValueError:
    logging.getLogger("firstline.test").exception("it failed")
"""


def test_as_json_each_line_is_an_object_and_masked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", JSON_PROGRAM],
        env={**os.environ, "LOG_FORMAT": "json"}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("WARNING", "firstline.test"),
        ("INFO", "uvicorn.error"),
        ("ERROR", "firstline.test"),
    ]
    assert lines[0]["message"] == "ring [number]\\nor write"
    assert "ValueError" in lines[2]["traceback"]
    assert found_in(done.stderr) == []


ACCESS_PROGRAM = """
import logging, sys, uvicorn, logs
uvicorn.Config("web:create_app", access_log=sys.argv[1] == "on")
logs.mask()
logging.getLogger("uvicorn.access").info("GET /chat/conversations")
"""


@pytest.mark.parametrize(("access_log", "lines"), [("on", 1), ("off", 0)])
def test_as_json_requests_are_logged_only_when_the_access_log_is_on(access_log: str, lines: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ACCESS_PROGRAM, access_log],
        env={**os.environ, "LOG_FORMAT": "json"}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert (done.stderr + done.stdout).count("/chat/conversations") == lines
