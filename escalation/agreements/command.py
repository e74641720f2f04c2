"""The commands of `python -m escalation.agreements`."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from escalation import policy
from escalation.agreements import report, shelf
from escalation.agreements.money import in_words
from escalation.agreements.paper import row
from escalation.agreements.wire import AgreementPaper, PenaltyReport, PenaltyRow
from escalation.database import Sessions
from escalation.errors import EscalationError
from escalation.office import Office
from escalation.policy import Policy, PolicyError
from escalation.published import once
from settings import load

HERE = Path(__file__).resolve().parent
WRONG = 1
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet takes for a formula at the beginning of a cell


def as_html(paper: AgreementPaper, *, operator: str, printed_at: datetime) -> str:
    """A page of its own for A4, without anything that must be fetched."""
    env = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.get_template("agreement.html").render(
        paper=paper, operator=operator, printed=f"{printed_at:%-d %B %Y %H:%M %Z}"
    )


def as_csv(found: PenaltyReport) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(PenaltyRow.model_fields)
    writer.writerow(names)
    for one in found.rows:
        cells = one.model_dump(mode="json").values()
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def as_text(found: PenaltyReport) -> Iterator[str]:
    yield f"Targets missed in {found.month} (times of {found.zone})"
    for one in found.rows:
        amount = in_words(one.amount, one.currency) if one.amount is not None else "amount open"
        state = "" if one.settled_at else ", still growing"
        yield f"  {one.reference}  {one.target} of {one.agreement_id} v{one.version}: {amount}{state} ({one.because})"
    for total in found.totals:
        amount, open_ = (
            in_words(total.amount, total.currency),
            f", {total.unknown} without amount" * bool(total.unknown),
        )
        yield f"{total.owed_by} owes {total.owed_to}: {amount} for {total.count}{open_}"
    if not found.rows:
        yield "  None."


async def _penalties(sessions: Sessions, month: str) -> PenaltyReport:
    """By what is in force, as the running programs see it."""
    known = await once.policy_in_force(sessions)
    return await report.of_month(Office(sessions, known, load().firstline_operator_name), month)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m escalation.agreements")
    commands = parser.add_subparsers(dest="command", required=True)
    listed = commands.add_parser("list", help="every agreement, with its parties and validity")
    commands.add_parser("check", help="only looks for mistakes in the policy files")
    printed = commands.add_parser("print", help="an agreement as a page of HTML for A4")
    printed.add_argument("id")
    printed.add_argument("--version", type=int, help="instead of the one that holds today")
    printed.add_argument("--to", type=Path, metavar="FILE", help="instead of ID.html; - for standard output")
    for by_files in (listed, printed):
        once.add_to(by_files)
    owed = commands.add_parser("penalties", help="what missed targets cost in a month")
    owed.add_argument("--month", required=True, help="like 2026-11")
    form = owed.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true")
    form.add_argument("--csv", action="store_true")
    return parser


def _print(known: Policy, asked: argparse.Namespace) -> str:
    """What to say: where the page lies, or the page itself."""
    paper = shelf.found(known, asked.id, asked.version, datetime.now(UTC))
    html = as_html(paper, operator=load().firstline_operator_name, printed_at=datetime.now(UTC))
    if str(asked.to) == "-":
        return html
    file = asked.to or Path(f"{paper.id}.html")
    file.write_text(html, encoding="utf-8")
    return f"{file}\n"


def main(given: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(given)
    try:
        sys.stdout.write(_answer(asked))
    except (PolicyError, EscalationError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return WRONG
    except SQLAlchemyError as error:
        sys.stderr.write(once.NO_DATABASE.format(type(error).__name__))
        return once.AWAY
    return 0


def _answer(asked: argparse.Namespace) -> str:
    if asked.command == "print":
        return _print(once.policy_for(asked), asked)
    if asked.command == "penalties":
        found = once.run(lambda sessions: _penalties(sessions, asked.month))
        if asked.json:
            return f"{found.model_dump_json(indent=2)}\n"
        return as_csv(found) if asked.csv else "\n".join(as_text(found)) + "\n"
    known = policy.load() if asked.command == "check" else once.policy_for(asked)
    rows = [row(one, datetime.now(UTC)) for one in known.agreements.agreements]
    if asked.command == "check":
        return f"{len(rows)} agreements, no mistake.\n"
    return "".join(
        f"{one.id:<22} v{one.version}  {one.kind}: {one.giver} for {one.receiver}, {one.validity}"
        f"{'' if one.is_valid else ' (not valid today)'}\n"
        for one in rows
    )
