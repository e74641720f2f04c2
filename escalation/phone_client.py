"""The telephone's part of the door: lines, callbacks, voicemails."""

from typing import ClassVar
from urllib.parse import quote
from uuid import UUID

from escalation.link import Link
from escalation.phone_wire import Brief, Callback, LineOutcome, PersonsOutcome, PhoneSide
from escalation.text_wire import Became, TextAnswer, TextMeaning


class PhoneClient:
    """What `escalation.client.EscalationClient` can do for callers; it owns the link."""

    NOT_THERE: ClassVar[frozenset[int]] = frozenset({403, 404})

    _link: Link

    async def line_ended(self, contact_id: UUID, outcome: LineOutcome, *, dialled: str = "") -> None:
        """Recorded in the newest open ticket. `accepted` frees the caller's place in the queue."""
        await self._link.post(f"/escalation/v1/contacts/{contact_id}/lines", {"outcome": outcome, "dialled": dialled})

    async def promise_callback(
        self, contact_id: UUID, *, number: str | None = None, by_voicemail: bool = False
    ) -> Callback:
        """The caller stops waiting and is called. Raises EscalationRefused(404) without an open ticket."""
        reply = await self._link.post(
            f"/escalation/v1/contacts/{contact_id}/callback",
            {"number": number, "by_voicemail": by_voicemail},
            refusals=self.NOT_THERE,
        )
        return Callback.model_validate_json(reply.content)

    async def keep_voicemail(self, contact_id: UUID, recording_sid: str, *, length_s: int, audio: bytes) -> None:
        """A RIFF/WAVE file of at most 1,950,000 bytes. Idempotent. Raises EscalationRefused(404) without a ticket."""
        await self._link.request(
            "POST",
            f"/escalation/v1/contacts/{contact_id}/voicemails",
            params={"recording_sid": recording_sid, "length_s": length_s},
            content=audio,
            refusals=self.NOT_THERE,
        )

    async def transcribe(self, recording_sid: str, text: str) -> None:
        """Raises EscalationRefused(404) while the recording is not there."""
        path = f"/escalation/v1/voicemails/{quote(recording_sid, safe='')}/transcript"
        await self._link.post(path, {"text": text[:8000]}, refusals=self.NOT_THERE)

    async def text_reply(self, message_sid: str, *, number: str, text: str, meaning: TextMeaning) -> Became:
        """What became of a customer's text message. Idempotent by `message_sid`; `number` is E.164."""
        body = {"message_sid": message_sid, "number": number, "text": text, "meaning": meaning}
        reply = await self._link.post("/escalation/v1/text-replies", body)
        return TextAnswer.model_validate_json(reply.content).became

    async def brief(self, contact_id: UUID) -> Brief | None:
        """What a person is told before they take this call; None without an open ticket."""
        reply = await self._link.request("GET", f"/escalation/v1/contacts/{contact_id}/brief")
        return Brief.model_validate_json(reply.content) if reply.content != b"null" else None

    async def phone_side(self, person: str, reference: str) -> PhoneSide:
        """Raises EscalationRefused."""
        reply = await self._link.request("GET", f"{_path(reference)}/phone", person=person, refusals=self.NOT_THERE)
        return PhoneSide.model_validate_json(reply.content)

    async def callback_attempted(self, person: str, reference: str, outcome: PersonsOutcome) -> Callback:
        """Raises EscalationRefused(404) when no callback was promised."""
        reply = await self._link.post(
            f"{_path(reference)}/callback/attempts", {"outcome": outcome}, person=person, refusals=self.NOT_THERE
        )
        return Callback.model_validate_json(reply.content)

    async def voicemail_audio(self, person: str, reference: str, recording_sid: str) -> bytes:
        """A RIFF/WAVE file. Raises EscalationRefused."""
        path = f"{_path(reference)}/voicemails/{quote(recording_sid, safe='')}"
        reply = await self._link.request("GET", path, person=person, refusals=self.NOT_THERE)
        return reply.content


def _path(reference: str) -> str:
    return f"/escalation/v1/tickets/{quote(reference, safe='')}"
