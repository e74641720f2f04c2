"""An event goes to the address that was checked, to no other, and nothing that comes back can do harm."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from escalation import callback
from escalation.courier import Courier, Undelivered, transport
from tests.escalation.receiver import NAME, Receiver, courier, receiving

BODY = b'{"correlationId": "t", "eventType": "TroubleTicketCreateEvent"}'


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


async def test_it_goes_to_the_address_that_was_looked_up_under_the_callbacks_name(receiver: Receiver) -> None:
    asked: list[str] = []

    async def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    await replace(courier(), resolve=resolve).bring(receiver.url, BODY, {"X-Firstline-Event-Id": "e"})

    (one,) = receiver.received
    assert (asked, one.host, one.body) == ([NAME], f"{NAME}:{receiver.port}", BODY)
    assert one.headers["x-firstline-event-id"] == "e"


async def test_a_name_that_was_public_and_now_leads_inside_is_not_called(receiver: Receiver) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]

    async def rebinding(_: str) -> Sequence[str]:
        return answers.pop(0)

    await callback.check(receiver.url, http_too=True, resolve=rebinding)  # when it subscribed
    with pytest.raises(Undelivered, match="private"):
        await Courier(transport(), http_too=True, resolve=rebinding).bring(receiver.url, BODY, {})

    assert receiver.received == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver: Receiver) -> None:
    async def mixed(_: str) -> Sequence[str]:
        return ["93.184.215.14", "127.0.0.1"]

    with pytest.raises(Undelivered, match="private"):
        await Courier(transport(), http_too=True, resolve=mixed).bring(receiver.url, BODY, {})

    assert receiver.received == []


async def test_plain_http_is_not_sent_outside_the_demo(receiver: Receiver) -> None:
    with pytest.raises(Undelivered, match="must be https"):
        await replace(courier(), http_too=False).bring(receiver.url, BODY, {})

    assert receiver.received == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers(status)

    with pytest.raises(Undelivered, match=f"answered {status}"):
        await courier().bring(receiver.url, BODY, {})

    assert len(receiver.received) == 1


async def test_who_does_not_answer_in_time_has_not_taken_it(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("escalation.courier.SEND_S", 0.2)
    released = asyncio.Event()

    async def hangs(_: object) -> int:
        await released.wait()
        return 204

    receiver.answers_with(hangs)

    with pytest.raises(Undelivered, match="no answer within"):
        await courier().bring(receiver.url, BODY, {})
    released.set()


async def test_an_answer_without_end_is_not_read() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(BODY)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
                sent += 0x10000
        except ConnectionError:
            writer.close()

    async with await asyncio.start_server(flood, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.wait_for(courier().bring(f"http://{NAME}:{port}/", BODY, {}), 5)
        before = sent
        await asyncio.sleep(0.1)

    assert before == sent < 20_000_000  # what the system buffers


async def test_headers_without_end_are_a_failure() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(BODY)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
                await writer.drain()
        except ConnectionError:
            writer.close()

    async with await asyncio.start_server(flood, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Undelivered, match="RemoteProtocolError"):
            await asyncio.wait_for(courier().bring(f"http://{NAME}:{port}/", BODY, {}), 5)


async def test_nobody_there_is_a_failure() -> None:
    with pytest.raises(Undelivered, match="ConnectError"):
        await courier().bring(f"http://{NAME}:9/", BODY, {})


async def test_the_next_address_is_tried_when_one_cannot_be_connected_to(receiver: Receiver) -> None:
    async def two(_: str) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    await replace(courier(), resolve=two, admits=lambda address: True).bring(receiver.url, BODY, {})

    assert len(receiver.received) == 1


def certificate_for(name: str, folder: Path) -> Path:
    """Key and self-signed certificate of a server, as one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def trusting(certificate: Path) -> Courier:
    checked = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=str(certificate)))
    return replace(courier(), transport=checked, http_too=False)


async def test_a_certificate_for_the_callbacks_name_is_taken_at_the_address(tmp_path: Path) -> None:
    certificate = certificate_for(NAME, tmp_path)
    async with receiving(certificate) as receiver:
        await trusting(certificate).bring(receiver.url, BODY, {})

    assert [one.host for one in receiver.received] == [f"{NAME}:{receiver.port}"]


async def test_a_certificate_for_another_name_is_not(tmp_path: Path) -> None:
    certificate = certificate_for("other.example", tmp_path)
    async with receiving(certificate) as receiver:
        with pytest.raises(Undelivered, match="ConnectError"):
            await trusting(certificate).bring(receiver.url, BODY, {})

    assert receiver.received == []
