"""E-mail through a real SMTP conversation with a small server of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from outbound.mail import SmtpMail


class MailServer:
    """Answers SMTP; `refusal` is what it says to a recipient instead of 250."""

    def __init__(self) -> None:
        self.refusal = ""
        self.mails: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            answer = self.refusal if word == "RCPT" and self.refusal else "221 bye" if word == "QUIT" else "250 ok"
            writer.write(answer.encode() + b"\r\n")
            if word == "QUIT":
                break
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    mail_server = MailServer()
    async with await asyncio.start_server(mail_server.serve, "127.0.0.1", 0) as listening:
        mail_server.port = listening.sockets[0].getsockname()[1]
        yield mail_server


def mail(port: int, user: str = "") -> SmtpMail:
    return SmtpMail(f"smtp://{user}127.0.0.1:{port}", sender="help@example.com", subjects={"steps": "The steps"})


async def test_an_email_has_sender_subject_text_and_one_name_for_all_its_tries(server: MailServer) -> None:
    tried = await mail(server.port).carry("abc", "steps", "maya@example.com", "Turn it off.\nTurn it on: €5?")

    assert tried.state == "sent"
    sent = server.mails[0]
    for expected in ("From: help@example.com", "To: maya@example.com", "Subject: The steps", "<abc@firstline>"):
        assert expected in sent


@pytest.mark.parametrize(("refusal", "state"), [("550 no such user", "refused"), ("450 try later", "later")])
async def test_a_refused_recipient_is_given_up_or_tried_again(server: MailServer, refusal: str, state: str) -> None:
    server.refusal = refusal

    tried = await mail(server.port).carry("abc", "steps", "maya@example.com", "hello")

    assert tried.state == state
    assert "maya" not in tried.reason


async def test_a_password_is_never_sent_without_encryption(server: MailServer) -> None:
    tried = await mail(server.port, user="me:secret@").carry("abc", "steps", "maya@example.com", "hello")

    assert tried.state == "later"
    assert server.mails == []


async def test_a_mail_server_that_is_away_is_tried_again() -> None:
    tried = await mail(1).carry("abc", "steps", "maya@example.com", "hello")

    assert tried.state == "later"


async def test_no_server_is_not_set_up() -> None:
    nothing = SmtpMail("", sender="", subjects={})

    assert not nothing.is_set_up
    assert (await nothing.carry("abc", "steps", "maya@example.com", "hello")).state == "refused"
