"""Where the time of a chat turn goes, by the product's own traces: how long each program and step is at work itself.

    .venv/bin/python -m benchmarks.turn_split [--turns 200] [--built FOLDER] [--write]

Starts the whole product with traces switched on; they come to a collector in here. A step's own time is its span less
what its child spans cover. Rasa has no spans: its own time is what the call to it takes beyond the actions.
`--write` makes benchmarks/results/turn_split.md and its picture.
"""

import argparse
import asyncio
import gzip
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks import machine
from benchmarks.growth import texts
from benchmarks.writer import writing
from bot.client import WEBHOOK
from ops import trial
from settings import ROOT

RESULTS = ROOT / "benchmarks" / "results"
TURNS_A_CONVERSATION = 8
EXPORTED_WITHIN_S = 8.0  # a batch of spans leaves a program every five seconds
RASA = "Rasa: understanding, policies, tracker"


@dataclass(frozen=True, slots=True)
class Span:
    id: bytes
    parent: bytes
    program: str
    name: str
    begin_ns: int
    end_ns: int
    route: str

    @property
    def ns(self) -> int:
        return self.end_ns - self.begin_ns


@dataclass
class Collector:
    """Takes what the programs export over OTLP/HTTP."""

    traces: dict[bytes, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for of_program in request.resource_spans:
            names = {each.key: each.value.string_value for each in of_program.resource.attributes}
            program = names.get("service.name", "?").removeprefix("firstline-")
            for scope in of_program.scope_spans:
                for span in scope.spans:
                    told = {each.key: each.value.string_value for each in span.attributes}
                    self.traces[span.trace_id].append(
                        Span(
                            span.span_id,
                            span.parent_span_id,
                            program,
                            told.get("action") or span.name,
                            span.start_time_unix_nano,
                            span.end_time_unix_nano,
                            told.get("http.route", ""),
                        )
                    )


@contextmanager
def collecting() -> Iterator[tuple[Collector, str]]:
    """With the address to give as OTEL_EXPORTER_OTLP_ENDPOINT."""
    collector = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in http.server
            """Nothing: a line for every batch would hide what is measured."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


async def converse(url: str, turns: int) -> None:
    """One after the other; a conversation is left after some turns, as real ones are."""
    said = texts()
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        said_so_far = 0
        while said_so_far < turns:
            async with writing(http) as writer:
                await writer.answered(0, 20)
                for _ in range(TURNS_A_CONVERSATION):
                    said_so_far += 1
                    before = len(writer.events)
                    await writer.say(next(said))
                    await writer.answered(before, 10)
                    await asyncio.sleep(0.3)
                    if writer.mode != "bot":
                        break


def own_ms(spans: Sequence[Span]) -> dict[str, float]:
    """Milliseconds by step of one turn: each span less the parts of it in which a child of it was at work."""
    children: dict[bytes, list[Span]] = defaultdict(list)
    for span in spans:
        children[_called_by(span, spans)].append(span)
    own: dict[str, float] = defaultdict(float)
    for span in spans:
        own[_step(span, spans)] += (span.ns - _covered(span, children[span.id])) / 1e6
    return dict(own)


def _called_by(span: Span, spans: Sequence[Span]) -> bytes:
    """An action joins the trace that the message carries; it is Rasa that runs it, within the call to Rasa."""
    if span.name.startswith("action_"):
        calls = (each for each in spans if each.name == "POST" and each.parent == span.parent)
        around = (each.id for each in calls if each.begin_ns <= span.begin_ns and span.end_ns <= each.end_ns)
        return next(around, span.parent)
    return span.parent


def _covered(span: Span, children: Sequence[Span]) -> int:
    """Nanoseconds of the span in which at least one child was at work."""
    total, reached = 0, span.begin_ns
    for child in sorted(children, key=lambda each: each.begin_ns):
        begin, end = max(child.begin_ns, reached), min(child.end_ns, span.end_ns)
        if end > begin:
            total += end - begin
            reached = end
    return total


def _step(span: Span, spans: Sequence[Span]) -> str:
    """What people call it."""
    below = [each for each in spans if _called_by(each, spans) == span.id]
    if span.name == "POST" and any(each.name.startswith("action_") for each in below):
        return RASA
    if span.name == "knowledge.decide":
        return "knowledge: the decision (embedding, ranking)"
    if span.name.startswith("action_"):
        return "actions"
    if span.program == "web" and span.name == "turn":
        return "front door: the conversation and its stores"
    return f"{span.program}: {span.route or span.name}"


def report(collector: Collector) -> tuple[str, dict[str, float]]:
    """The table, and the mean by step."""
    turns = [
        spans
        for spans in collector.traces.values()
        if any(each.name == "turn" for each in spans) and any(each.name.startswith("action_") for each in spans)
    ]
    split = [own_ms([each for each in spans if _within_turn(each, spans)]) for spans in turns]
    whole = [next(each.ns for each in spans if each.name == "turn") / 1e6 for spans in turns]
    steps = {name for each in split for name in each}
    mean = {name: statistics.fmean(each.get(name, 0.0) for each in split) for name in steps}
    mean = dict(sorted(mean.items(), key=lambda item: -item[1]))
    lines = [
        machine.description(),
        "",
        f"{len(turns)} turns, one at a time, from the taken message to the answer on the stream:"
        f" p50 {statistics.median(whole):.1f} ms, mean {statistics.fmean(whole):.1f} ms."
        f" Calls that Rasa's webhook `{WEBHOOK}` makes back are taken off its time.",
        "",
        "| at work | mean ms a turn | share |",
        "|---|---|---|",
        *(f"| {name} | {ms:.1f} | {ms / statistics.fmean(whole):.0%} |" for name, ms in mean.items() if ms >= 0.05),
    ]
    return "\n".join(lines), mean


def _within_turn(span: Span, spans: Sequence[Span]) -> bool:
    """The request that brought the message ends before the turn begins, and is not part of it."""
    parents = {each.id: each for each in spans}
    at: Span | None = span
    while at is not None:
        if at.name == "turn":
            return True
        at = parents.get(at.parent)
    return False


def draw(mean: dict[str, float], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = {name: ms for name, ms in mean.items() if ms >= 0.05}
    figure, axes = pyplot.subplots(figsize=(9, 0.45 * len(shown) + 1.2), layout="constrained")
    bars = axes.barh(list(shown)[::-1], list(shown.values())[::-1], color="#2f6f9f")
    axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.set_xlabel("milliseconds a turn (mean)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with collecting() as (collector, endpoint):
        given = {"CHAT_REQUESTS_PER_MINUTE": "100000", "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        with trial.running(print, built=options.built, **given) as product:
            asyncio.run(converse(product.url, options.turns))
            asyncio.run(asyncio.sleep(EXPORTED_WITHIN_S))
    table, mean = report(collector)
    print(table)
    if options.write:
        draw(mean, RESULTS / "turn_split.png")
        picture = "![own time of each step](turn_split.png)"
        (RESULTS / "turn_split.md").write_text(f"# Where a turn's time goes\n\n{table}\n\n{picture}\n")


if __name__ == "__main__":
    main()
