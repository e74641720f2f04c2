"""E-mail through the operator's SMTP server."""

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from outbound.carrier import Tried
from outbound.message import Kind

TIMEOUT_S = 15.0


class SmtpMail:
    """Speaks TLS from the first byte (smtps://) or STARTTLS (smtp://); a password is never sent without either."""

    def __init__(self, url: str, *, sender: str, subjects: Mapping[Kind, str]) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._subjects = subjects

    @property
    def is_set_up(self) -> bool:
        return bool(self._url.hostname and self._sender)

    async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried:
        if not self.is_set_up:
            return Tried("refused", "e-mail is not set up")
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = to
        mail["Subject"] = self._subjects[kind]
        mail["Message-ID"] = f"<{message_id}@firstline>"  # the same at every try: a mailbox can see that it is one
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            await asyncio.to_thread(self._send, mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return Tried("later" if min(codes) < 500 else "refused", f"the mail server refused it ({min(codes)})")
        except (smtplib.SMTPException, OSError):
            return Tried("later", "the mail server did not take it")
        return Tried("sent")

    def _send(self, mail: EmailMessage) -> None:
        host, context = self._url.hostname or "", ssl.create_default_context()
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 587, timeout=TIMEOUT_S)
        with server:
            server.ehlo()
            if self._url.scheme != "smtps" and (self._url.username or server.has_extn("starttls")):
                server.starttls(context=context)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(mail)
