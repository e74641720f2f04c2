"""Text messages that customers send to our number: what each means, who is told, and what is answered."""

from collections.abc import Mapping
from typing import Protocol

from escalation.client import Became, TextMeaning
from ivr.entrance import E164
from ivr.words import Words, languages, words

MOST_CHARS = 1600  # of a text message, all its parts together
_PREFERENCE = {"STOP": True, "START": False}  # Twilio's OptOutType, by whether nothing is sent any more


class Desk(Protocol):
    async def text_reply(self, message_sid: str, *, number: str, text: str, meaning: TextMeaning) -> Became: ...


class Messages(Protocol):
    async def opt_out(self, to: str, *, opted_out: bool) -> None: ...


class Inbox:
    def __init__(self, desk: Desk, messages: Messages, *, language: str, operator_name: str) -> None:
        self._desk = desk
        self._messages = messages
        self._first = words(language)
        self._every = (self._first, *(words(other) for other in languages() if words(other) != self._first))
        self._operator_name = operator_name

    async def take(self, form: Mapping[str, str]) -> str:
        """The answer in words, empty for none. Raises EscalationUnavailable and OutboundUnavailable.

        What Twilio says about STOP, START and HELP comes first: it answers those itself.
        """
        number, text = form.get("From", "").strip(), form.get("Body", "").strip()[:MOST_CHARS]
        if not E164.fullmatch(number):
            return ""
        kind = form.get("OptOutType", "").upper() or self._keyword(text)
        if kind in _PREFERENCE:
            await self._messages.opt_out(number, opted_out=_PREFERENCE[kind])
            return ""
        if kind == "HELP":
            return ""
        if not text:  # a picture without words
            return self._say(self._first, "no_ticket")
        spoken, meaning = self._meaning(text)
        became = await self._desk.text_reply(form["MessageSid"], number=number, text=text, meaning=meaning)
        return self._say(spoken, became)

    def _keyword(self, text: str) -> str:
        found = (
            kind for spoken in self._every for kind, said in spoken.texts.keywords.items() if spoken.plain(text) in said
        )
        return next(found, "")

    def _meaning(self, text: str) -> tuple[Words, TextMeaning]:
        """Only a text that says nothing else is a yes or a no: in this language."""
        for spoken in self._every:
            plain, texts = spoken.plain(text), spoken.texts
            if plain in {spoken.plain(said) for said in texts.no}:
                return spoken, "no"
            if plain in {spoken.plain(said) for said in texts.yes}:
                return spoken, "yes"
        return self._first, "other"

    def _say(self, spoken: Words, became: Became) -> str:
        return spoken.texts.answers[became].format(operator=self._operator_name)
