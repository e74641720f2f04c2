"""The board and the quality scores as a table for other programs: CSV (RFC 4180), the figures as plain numbers."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from escalation.client import Behind, Board, QualityOverview

FIGURES = ("number", "key", "group", "name", "unit", "value", "before", "target", "on_target", "compared", "count")
SAMPLES = ("at", "value", "reference", "contact_id", "channel", "tier", "topic", "priority", "words")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula at the beginning of a cell


def of_board(board: Board) -> Response:
    rows = [
        (
            figure.number,
            figure.key,
            figure.group,
            figure.name,
            figure.unit,
            figure.value,
            figure.before,
            figure.target,
            {True: "yes", False: "no", None: ""}[figure.is_met],
            figure.compared,
            figure.count,
            figure.unmeasured or "",
            figure.definition,
        )
        for figure in board.figures
    ]
    return _file(f"board-{board.asked.window}", (*FIGURES, "unmeasured", "definition"), rows)


def of_quality(overview: QualityOverview) -> Response:
    """A row for each person and week that something was scored in."""
    rows = [
        (one.subject, one.name, week.week.isoformat(), week.score_pct, week.count)
        for one in overview.history
        for week in one.weeks
        if week.count
    ]
    return _file("quality", ("subject", "name", "week", "score_pct", "scored"), rows)


def of_samples(behind: Behind) -> Response:
    rows = [
        (
            sample.at.isoformat(timespec="seconds"),
            sample.value,
            sample.reference,
            sample.contact_id,
            sample.channel,
            sample.tier,
            sample.topic,
            sample.priority,
            sample.words,
        )
        for sample in behind.samples
    ]
    return _file(behind.figure.key, SAMPLES, rows)


def _file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return Response(
        out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="firstline-{name}.csv"'},
    )


def _cell(value: object) -> object:
    """A customer's words must not become a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
