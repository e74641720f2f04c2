"""The daily inspection: judged by the operator's limits, all at once, and useful most of all when parts are down."""

import asyncio
import json
import os
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ops import inspect as command
from ops.embedded import free_port
from ops.inspection import flow, machine, programs, servers
from ops.inspection.finding import Finding, State
from ops.inspection.limits import FILE, Limits, LimitsWrong, told_s
from ops.inspection.place import Place
from ops.inspection.round import CHECKS, Inspection, look
from settings import Settings
from tests.escalation.escalation_service import started

LIMITS = Limits.read()
METRICS = """
firstline_queue_waiting{queue="webhooks"} 3
firstline_queue_oldest_seconds{queue="webhooks"} 1000
firstline_queue_dead{queue="webhooks"} 1
firstline_heartbeat_age_seconds{name="watch"} 2
firstline_last_event_age_seconds{what="turn"} 90000
firstline_last_event_age_seconds{what="ticket"} 30
firstline_http_responses_last_hour{outcome="all"} 200
firstline_http_responses_last_hour{outcome="failed"} 3
"""


def nowhere(tmp_path: Path) -> Settings:
    """Every address is one where nobody listens."""
    url = f"http://127.0.0.1:{free_port()}"
    return Settings(
        _env_file=None,
        firstline_state=tmp_path,
        firstline_internal_token="internal",
        redis_url=url.replace("http", "redis"),
        database_url=url.replace("http", "postgresql") + "/firstline",
        rasa_url=url,
        firstline_web_url=url,
        firstline_inner_url=url,
        firstline_outbound_url=url,
        firstline_operator_url=url,
        twilio_account_sid="AC1",
        twilio_api_base=url,
        firstline_public_url=url.replace("http", "https"),
    )


def place(settings: Settings, answer: httpx.MockTransport | None = None, limits: Limits = LIMITS) -> Place:
    return Place(settings, limits, httpx.AsyncClient(transport=answer))


def by_name(findings: Sequence[Finding]) -> dict[str, Finding]:
    return {finding.about: finding for finding in findings}


async def test_with_everything_down_each_part_is_named_with_what_to_do(tmp_path: Path) -> None:
    found = await look(place(nowhere(tmp_path)))

    away = [finding for finding in found.findings if finding.state is State.BAD]
    assert {finding.about for finding in away} >= {
        *programs.CHECKS,
        *servers.CHECKS,
        *flow.CHECKS,
        "knowledge index",
        "certificate",
    }
    assert all(finding.advice for finding in away)
    assert found.state is State.BAD


async def test_a_check_that_hangs_takes_nothing_else_with_it(tmp_path: Path) -> None:
    async def hangs(_: Place) -> Sequence[Finding]:
        await asyncio.Event().wait()
        return []

    async def breaks(_: Place) -> Sequence[Finding]:
        raise LookupError("a fault of the check")

    hurried = LIMITS.model_copy(update={"each_check_within": 0.1})
    began = time.monotonic()
    found = await look(
        place(nowhere(tmp_path), limits=hurried),
        {"program web": hangs, "program inner": hangs, "queue x": breaks, "disk of state": machine.disks},
    )

    states = {about: finding.state for about, finding in by_name(found.findings).items()}
    assert states["program web"] is states["program inner"] is states["queue x"] is State.BAD
    assert "disk of state" in states
    assert time.monotonic() - began < 5


async def test_what_waits_long_is_dead_or_stopped_flowing_is_judged(tmp_path: Path) -> None:
    told = httpx.MockTransport(lambda _: httpx.Response(200, text=METRICS))

    found = by_name(await flow.web(place(nowhere(tmp_path), told)))

    assert found["queue webhooks"].state is State.BAD
    assert found["queue webhooks"].measure == "3 wait, the oldest for 17 min"
    assert found["queue webhooks, dead"].state is State.WARN
    assert found["watch heartbeat"].state is State.OK
    assert found["clocks proven right"].state is State.BAD  # nobody ever has
    assert found["event age"].state is State.OK  # the newest of the two
    assert found["errors"].state is State.WARN
    assert found["errors"].measure == "1.5 % of 200 answers of the last hour"


async def test_the_real_escalation_tells_all_that_is_judged(settings: Settings, migrated: str) -> None:
    async with started(settings.model_copy(update={"database_url": migrated})) as running:
        found = by_name(
            await flow.web(Place(settings.model_copy(update={"firstline_web_url": ""}), LIMITS, running.http))
        )

    assert {"queue outbox", "queue webhooks", "queue trail-chat", "queue trail-ivr"} <= found.keys()
    assert "measures of web" not in found


async def test_real_servers_answer_with_size_and_clock(settings: Settings, migrated: str) -> None:
    at = place(settings.model_copy(update={"database_url": migrated}))

    found = by_name([*await servers.database(at), *await servers.redis(at)])

    assert {finding.state for finding in found.values()} == {State.OK}
    assert {"size of database", "size of redis", "clock of database", "clock of redis"} <= found.keys()


async def test_a_clock_that_is_wrong_is_found(tmp_path: Path, settings: Settings) -> None:
    fast = Place(settings, LIMITS, httpx.AsyncClient(), now=lambda: datetime.now(UTC) + timedelta(seconds=30))

    assert by_name(await servers.redis(fast))["clock of redis"].state is State.BAD


@pytest.mark.parametrize(("age_h", "state"), [(1, State.OK), (30, State.WARN), (80, State.BAD)])
async def test_the_age_of_the_newest_backup_is_judged(tmp_path: Path, age_h: float, state: State) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, more_h in (("firstline-1.tar", 500.0), ("firstline-2.tar", 0.0)):
        (folder / name).touch()
        at = time.time() - (age_h + more_h) * 3600
        os.utime(folder / name, (at, at))

    (finding,) = await machine.backup(place(nowhere(tmp_path)))

    assert finding.state is state


async def test_a_certificate_is_read_as_a_browser_reads_it(tmp_path: Path) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    serving, file = certificate(tmp_path, ends)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    at = place(nowhere(tmp_path).model_copy(update={"firstline_public_url": f"https://localhost:{port}"}))

    seen = await machine._ends_at("localhost", port, ssl.create_default_context(cafile=str(file)))
    (untrusted,) = await machine.certificate(at)
    server.close()

    assert seen == ends
    assert untrusted.state is State.BAD
    assert "not trusted" in untrusted.measure


def certificate(folder: Path, ends: datetime) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file that who trusts it reads."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("queue_dead: {warn: 1, bad: 50}", "queue_dead: {warn: 60, bad: 50}", r"inspection.yml:6: queue_dead: .*warn"),
        ("disk_free_gb: {warn: 5", "disk_free_gb: {warn: 0.5", r"inspection.yml:8: disk_free_gb"),
        ("watch_age: {warn: 15s", "watch_age: {warn: soon", r"inspection.yml:16: watch_age.warn"),
        ("index_age:", "index_aje:", r"inspection.yml:\d+: index_aje"),
    ],
)
def test_a_mistake_in_the_limits_is_told_with_its_line(tmp_path: Path, line: str, instead: str, told: str) -> None:
    file = tmp_path / "inspection.yml"
    text = FILE.read_text()
    assert line in text
    file.write_text(text.replace(line, instead))

    with pytest.raises(LimitsWrong, match=told):
        Limits.read(file)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.25, "0.25 s"),
        (90, "90 s"),
        (150, "2 min"),
        (7200, "2 h"),
        (93600, "26 h"),
        (172800, "2 d"),
        (8640000, "100 d"),
    ],
)
def test_times_are_told_in_their_largest_unit(seconds: float, told: str) -> None:
    assert told_s(seconds) == told


@pytest.mark.parametrize("state", list(State))
def test_the_exit_code_is_the_worst_state(
    state: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def inspected(_: Settings) -> Inspection:
        return Inspection(datetime.now(UTC), [Finding("disk of state", state, "9 GB"), Finding("x", State.OK, "fine")])

    monkeypatch.setattr(command, "inspect", inspected)

    assert command.main(["--json"]) == int(state)
    assert json.loads(capsys.readouterr().out)["state"] == state.word


def test_cron_hears_nothing_of_what_is_well() -> None:
    found = Inspection(
        datetime.now(UTC), [Finding("x", State.WARN, "high", advice="Look."), Finding("y", State.OK, "low")]
    )

    assert command.as_text(found, quiet=True) == "warn  x                            high\n      Look.\n"


def test_every_check_is_asked() -> None:
    assert len(CHECKS) == sum(len(part.CHECKS) for part in (programs, servers, flow, machine)) + 1
