"""What the policy makes of a ticket, in words; the same as what happens to a real one."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from escalation import policy
from escalation.beginning import begin
from escalation.deadlines import fire_due
from escalation.explained import TICKET, explain
from escalation.foretold import foretell
from escalation.published.command import main
from escalation.signals import Signals
from tests.escalation.shift import MONDAY_10, Shift

ROUTER: dict[str, Any] = {"category": "equipment", "reason": "not_helped", "service": "down", "segment": "gold"}


def told(**known: Any) -> str:
    signals = Signals.model_validate({"category": "general", "reason": "not_helped", **known})
    return explain(policy.load(), signals, MONDAY_10)


def written(folder: Path, ticket: object) -> str:
    file = folder / "ticket.json"
    file.write_text(ticket if isinstance(ticket, str) else json.dumps(ticket))
    return str(file)


def test_the_command_says_why_where_until_when_and_who_is_warned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["explain", written(tmp_path, {**ROUTER, "opened_at": "2026-11-23T10:00:00Z"})])

    assert code == 0
    assert (
        capsys.readouterr().out
        == """\
Priority P2
  service "down": the service is down, which calls for urgency high. Without it urgency would be low: P4.
  segment "gold": a gold customer, which calls for impact medium. Without it impact would be low: P3.
  The highest level counts: impact medium, urgency high. The matrix of priority.yml makes P2 of them.

Where it starts
  department: Fixed access and field service (fixed-access)
  tier:       2, Technical support (tiers.yml starts P2 in tier 2)
  queue:      Technical support
  person:     Lena Fox (lena.fox), told by text message

Deadlines (times of Europe/London; opened Mon 23 Nov 2026 10:00 GMT)
  acknowledge: Mon 23 Nov 2026 10:05 GMT, within 5 minutes of calendar always
  respond:     Mon 23 Nov 2026 11:00 GMT, within 1 hour of calendar always
  update:      Mon 23 Nov 2026 14:00 GMT, within 4 hours of calendar always, anew after each message to the customer
  resolve:     Mon 23 Nov 2026 18:00 GMT, within 8 hours of calendar always, less maintenance
  tier:        Mon 23 Nov 2026 13:12 GMT, within 192 minutes of calendar always, less maintenance, anew in each tier

If nobody acts on it, and the customer is told the reference at once
  Mon 23 Nov 2026 10:30 GMT  50 % of respond: Lena Fox (lena.fox) is warned by text message
  Mon 23 Nov 2026 10:45 GMT  75 % of respond: Lena Fox (lena.fox) is warned by text message
  Mon 23 Nov 2026 11:00 GMT  100 % of respond: it goes to Felix Moreau (felix.moreau), tier 3, Fixed access
  Mon 23 Nov 2026 11:30 GMT  150 % of respond: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 13:00 GMT  75 % of update: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 14:00 GMT  50 % of resolve: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 14:00 GMT  100 % of update: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 15:00 GMT  80 % of tier: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 16:00 GMT  75 % of resolve: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 16:00 GMT  100 % of tier: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 17:00 GMT  75 % of update: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 18:00 GMT  100 % of resolve: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 18:00 GMT  100 % of update: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 21:00 GMT  75 % of update: Sam Okoye (sam.okoye) is warned by text message
  Mon 23 Nov 2026 22:00 GMT  100 % of update: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
  Mon 23 Nov 2026 22:00 GMT  150 % of resolve: it goes to Sam Okoye (sam.okoye), tier 3, Fixed access
"""
    )


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "No signal counts: one customer, and nothing stands still."),
        ({"repeat_contacts": 1, "vulnerable": True}, "Without it nothing would change."),
        ({"days_since_first_contact": 2}, "days_since_first_contact 2: reaches no weight of priority.yml."),
        (
            {"category": "sim"},
            "topic sim: routing.yml calls for urgency medium. Without it urgency would be low: still P4",
        ),
        ({"category": "ufo"}, "topic:      ufo is not in routing.yml: treated as general"),
        ({"department": "moon"}, "hint:       moon is not a department of routing.yml: not followed"),
        ({"safety": True}, "informed:   Lena Fox (lena.fox), by text message"),
        ({"live": True}, "accept:      Mon 23 Nov 2026 10:01 GMT, within 1 minute"),
        ({"category": "bill-dispute"}, "(victor.lang), tier 4, Vendors"),
    ],
)
def test_each_thing_that_bears_on_it_is_named(known: dict[str, Any], words: str) -> None:
    assert words in told(**known)


@pytest.mark.parametrize(
    "known",
    [
        {"category": "bill-dispute"},
        {"category": "outage", "service": "down", "affected": "many"},
        {"category": "wifi", "segment": "gold", "repeat_contacts": 2},
        {"category": "unheard-of", "department": "radio", "regulatory_complaint": True},
    ],
)
async def test_a_real_ticket_goes_the_way_that_was_told(shift: Shift, known: dict[str, Any]) -> None:
    words = told(**known)
    reference = await shift.ticket(**{"reason": "not_helped", **known})
    opened = await shift.read(reference)
    foreseen = policy.load()
    begun = begin(foreseen, Signals.model_validate({"category": "general", "reason": "not_helped", **known}), MONDAY_10)
    for step in foretell(foreseen, begun, MONDAY_10):
        shift.watch.at = step.at
        await fire_due(shift.office)
    late = await shift.read(reference)

    assert words.startswith(f"Priority {opened.priority}\n")
    assert f"({opened.department})" in words
    assert f"tier:       {opened.tier}," in words
    for due_at in (opened.respond_by, opened.resolve_by):
        assert due_at is not None
        assert f"{due_at:%d %b %Y %H:%M}" in words  # in November London's time is UTC
    went = [entry.why for entry in late.audit if entry.what.startswith("moved up")]
    foretold = [line for line in words.splitlines() if "it goes to" in line]
    assert len(went) == len(foretold) >= 6
    for why, line in zip(went, foretold, strict=True):
        tier, username = why.removeprefix("to tier ").split(", ")
        assert f"({username}), tier {tier}," in line


def test_a_ticket_is_read_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(ROUTER)))

    assert main(["explain", "-"]) == 0
    assert capsys.readouterr().out.startswith("Priority P2\n")


def test_the_example_of_the_help_is_a_ticket(tmp_path: Path) -> None:
    example = TICKET[TICKET.index("{") : TICKET.rindex("}") + 1]

    assert main(["explain", written(tmp_path, example)]) == 0


@pytest.mark.parametrize(
    ("ticket", "complaint"),
    [
        ({**ROUTER, "servise": "down"}, "servise: unknown field; known: category,"),
        ({**ROUTER, "service": "gone"}, "service: Input should be 'down', 'degraded' or 'ok'"),
        ({**ROUTER, "repeat_contacts": -1}, "repeat_contacts: "),
        ({**ROUTER, "opened_at": "2026-11-23T10:00:00"}, "opened_at: Input should have timezone info"),
        ({"reason": "filed"}, "category: Field required"),
        ([], "the ticket: "),
        ('{"category":\n oops}', ":2:2: is not JSON"),
    ],
)
def test_bad_input_names_the_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ticket: object, complaint: str
) -> None:
    code = main(["explain", written(tmp_path, ticket)])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert "ticket.json" in said.err
    assert complaint in said.err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(tmp_path / "none.json")]) == 2
    assert "none.json: cannot be read: No such file" in capsys.readouterr().err
