"""What a caller may ask for about what is read to them: once more, the rest, other choices, another level, a text."""

from dataclasses import replace

from ivr import menu, pace
from ivr import reply as replies
from ivr.call import Call, asked, understood
from ivr.record import Record
from ivr.reply import Reply
from ivr.texts import Texts
from ivr.words import words


class Reading:
    def __init__(self, record: Record, texts: Texts) -> None:
        self._record = record
        self._texts = texts

    async def repeat(self, call: Call) -> tuple[Call, Reply]:
        spoken = words(call.language)
        call = await self._record.note(understood(call), spoken.record.asked_again)
        return call, replies.ask(call, spoken)

    async def go_on(self, call: Call) -> tuple[Call, Reply]:
        text, rest = replies.in_parts(call.prompt.rest)
        return self._ask(understood(asked(call, replace(call.prompt, text=text, rest=rest))))

    async def more_choices(self, call: Call) -> tuple[Call, Reply]:
        first = call.prompt.first_choice + len(call.prompt.offered)
        return self._ask(understood(asked(call, replace(call.prompt, first_choice=first))), text="")

    async def ready(self, call: Call) -> tuple[Call, Reply]:
        return pace.ready(understood(call))

    async def text_me(self, call: Call) -> tuple[Call, Reply]:
        """The call goes on where it was: what was still to be read need not be."""
        say, record = words(call.language).say, words(call.language).record
        call, sent = await self._texts.steps(call)
        if not sent:
            return self._ask(understood(call), before=say.not_texted, text="")
        call = await self._record.note(call, record.texted)
        prompt = replace(call.prompt, rest="")
        more = "" if prompt.choices else say.anything_else
        return self._ask(understood(asked(call, prompt)), before=say.texted, text=more)

    async def open(self, call: Call, level: str, said: str) -> tuple[Call, Reply]:
        """The caller chose a level of the menu."""
        return self._menu(await self._record.caller(call, said, {"menu": level}), level)

    async def up(self, call: Call) -> tuple[Call, Reply]:
        """One level of the menu, or to its top."""
        spoken = words(call.language)
        call = await self._record.note(call, spoken.record.went_back)
        return self._menu(call, menu.above(spoken, call.prompt.level) if call.prompt.level else menu.TOP)

    def _menu(self, call: Call, level: str) -> tuple[Call, Reply]:
        return self._ask(understood(asked(call, replies.menu_prompt(words(call.language), level))))

    def _ask(self, call: Call, *, before: str = "", text: str | None = None) -> tuple[Call, Reply]:
        return call, replies.ask(call, words(call.language), before=before, text=text)
