"""Whether everything flows: queues and their age, the watch, the clocks, the last event, failed answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import httpx
from prometheus_client.parser import text_string_to_metric_families

from ops.inspection.finding import Finding, State
from ops.inspection.limits import told_s
from ops.inspection.place import Check, Place, aged, found, judged

Measures = Mapping[str, Mapping[str, float]]  # by metric, then by the value of its one label


async def web(place: Place) -> Sequence[Finding]:
    """What the web program tells Prometheus: the inspection and the alerts judge the same measures."""
    told = await _measures(place, place.settings.firstline_web_url + "/metrics")
    if told is None:
        return [found("measures of web", State.BAD, "not told", "told")]
    return [*_queues(place, told), *_watch(place, told), _event(place, told), _errors(place, told)]


async def outbound(place: Place) -> Sequence[Finding]:
    told = await _measures(place, place.settings.firstline_outbound_url + "/outbound/v1/metrics")
    if told is None:
        return [found("measures of outbound", State.BAD, "not told", "told")]
    return _queues(place, told)


async def _measures(place: Place, url: str) -> Measures | None:
    try:
        reply = await place.http.get(url, headers=place.internal)
    except httpx.TransportError:
        return None
    if not reply.is_success:
        return None
    measures: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for family in text_string_to_metric_families(reply.text):
        for sample in family.samples:
            measures[sample.name][next(iter(sample.labels.values()), "")] = sample.value
    return measures


def _queues(place: Place, told: Measures) -> list[Finding]:
    limits, findings = place.limits, []
    for queue, waiting in told.get("firstline_queue_waiting", {}).items():
        oldest_s = told["firstline_queue_oldest_seconds"][queue]
        dead = told["firstline_queue_dead"][queue]
        words = f"{waiting:.0f} wait, the oldest for {told_s(oldest_s)}" if waiting else "empty"
        findings.append(judged(f"queue {queue}", limits.queue_oldest, oldest_s, words, told_s))
        findings.append(
            judged(f"queue {queue}, dead", limits.queue_dead, dead, f"{dead:.0f} dead", lambda most: f"{most:g}")
        )
    return findings


def _watch(place: Place, told: Measures) -> list[Finding]:
    ages = told.get("firstline_heartbeat_age_seconds", {})
    wanted = (
        ("watch heartbeat", "watch", place.limits.watch_age),
        ("clocks proven right", "clocks-proven", place.limits.clocks_proven_age),
    )
    return [
        aged(about, limit, ages[name]) if name in ages else found(about, State.BAD, "never", f"< {told_s(limit.warn)}")
        for about, name, limit in wanted
    ]


def _event(place: Place, told: Measures) -> Finding:
    ages = told.get("firstline_last_event_age_seconds", {})
    if not ages:
        return found("event age", State.OK, "nothing has happened yet")
    return aged("event age", place.limits.last_event_age, min(ages.values()))


def _errors(place: Place, told: Measures) -> Finding:
    answers = told.get("firstline_http_responses_last_hour", {})
    every, failed = answers.get("all", 0.0), answers.get("failed", 0.0)
    share_pct = 100 * failed / every if every else 0.0
    words = f"{share_pct:.2g} % of {every:.0f} answers of the last hour"
    return judged("errors", place.limits.failed_answers_pct, share_pct, words, lambda pct: f"{pct:g} %")


CHECKS: dict[str, Check] = {"measures of web": web, "measures of outbound": outbound}
