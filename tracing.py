"""One trace through all programs (OpenTelemetry), when OTEL_EXPORTER_OTLP_ENDPOINT says where traces go.

Rasa runs without these packages: what carries the trace goes through it in the metadata of a message (`carried`), and
the actions take it up again (`joined`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from opentelemetry import propagate, trace
from starlette.types import ASGIApp, Receive, Scope, Send

from secret_values import fits
from settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

HEADER = "traceparent"  # W3C Trace Context
_OF_FASTAPI = "fastapi.telemetry"  # in a scope: mounted applications begin no trace of their own
_JOINING = frozenset({b"traceparent", b"tracestate", b"baggage"})
# All that leaves us of a span: no address, query, body, header or error text, in which customers could be found.
KEPT = frozenset(
    {"http.method", "http.request.method", "http.route", "http.status_code", "http.response.status_code", "action"}
)
# Probes say nothing, streams last for hours, and the actions' webhook joins the trace that the message carries.
NOT_TRACED = "health,metrics,/events,/live,/webhook$"
_OURS = "firstline"


def start(settings: Settings, program: str, app: FastAPI) -> None:
    """Trace this program. Does nothing, and loads nothing, without an endpoint."""
    if not settings.otel_exporter_otlp_endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    url = settings.otel_exporter_otlp_endpoint.rstrip("/") + "/v1/traces"
    install(OTLPSpanExporter(endpoint=url), program, app, tokens=settings.internal_tokens)


def install(
    exporter: "SpanExporter", program: str, app: FastAPI, *, tokens: tuple[str, ...], at_once: bool = False
) -> None:
    """`tokens`: whoever sends one of them may have its trace joined. `at_once`: each span is exported when it ends,
    instead of many together in the background."""
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"firstline-{program}"}))
    without: Any = _WithoutPersonalData(exporter)  # a SpanExporter by its shape: that class is not loaded before here
    provider.add_span_processor(SimpleSpanProcessor(without) if at_once else BatchSpanProcessor(without))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, excluded_urls=NOT_TRACED, exclude_spans=["receive", "send"]
    )
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: _OwnTracesOnly(build(), tokens)  # type: ignore[method-assign]


def carried() -> dict[str, str]:
    """What another program needs to join the present trace; empty when there is none."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return {HEADER: carrier[HEADER]} if HEADER in carrier else {}


@contextmanager
def joined(carrier: Mapping[str, Any], name: str, **told: str) -> Iterator[None]:
    """A span in the trace that `carrier` brings; a carrier without one, or with rubbish, begins its own."""
    known = {HEADER: carrier[HEADER]} if isinstance(carrier.get(HEADER), str) else {}
    with trace.get_tracer(_OURS).start_as_current_span(name, context=propagate.extract(known), attributes=told):
        yield


@contextmanager
def span(name: str) -> Iterator[None]:
    with trace.get_tracer(_OURS).start_as_current_span(name):
        yield


def trace_id() -> str:
    """Of the present trace, as 32 hex digits; empty when there is none."""
    found = trace.get_current_span().get_span_context()
    return format(found.trace_id, "032x") if found.is_valid else ""


class _OwnTracesOnly:
    """ASGI, around what makes spans: a stranger's request begins a trace, and chooses neither its id nor whether it is
    sampled, nor adds to it. Only our own programs' requests join theirs."""

    def __init__(self, app: ASGIApp, tokens: tuple[str, ...]) -> None:
        self.app = app  # by this name FastAPI finds what makes spans below
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, _OF_FASTAPI: None}
            if not self._is_ours(scope):
                scope["headers"] = [each for each in scope["headers"] if each[0].lower() not in _JOINING]
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name.lower() == b"authorization"), b"")
        kind, _, token = given.decode("latin-1").partition(" ")
        return kind.lower() == "bearer" and fits(token, self._tokens)


class _WithoutPersonalData:
    """An exporter that lets only `KEPT` pass: what a library notes of a request is not ours to foresee."""

    def __init__(self, exporter: "SpanExporter") -> None:
        self._exporter = exporter

    def export(self, spans: "Sequence[ReadableSpan]") -> Any:
        return self._exporter.export([_bare(each) for each in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _bare(told: "ReadableSpan") -> "ReadableSpan":
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Status

    return ReadableSpan(
        name=told.name,
        context=told.context,
        parent=told.parent,
        resource=told.resource,
        attributes={name: value for name, value in (told.attributes or {}).items() if name in KEPT},
        kind=told.kind,
        instrumentation_scope=told.instrumentation_scope,
        status=Status(told.status.status_code),
        start_time=told.start_time,
        end_time=told.end_time,
    )
