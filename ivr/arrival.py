"""How a call begins: the language where there is a choice, what is known where the caller lives, the menu."""

from dataclasses import replace
from uuid import uuid4

from ivr import assistant, language, menu
from ivr import reply as replies
from ivr.assistant import Assistant
from ivr.call import Call, Miss, asked, missed, understood
from ivr.meaning import Command
from ivr.record import Record
from ivr.reply import Reply, joined
from ivr.texts import can_be_texted
from ivr.words import words


class Arrival:
    """Escalation and the assistant hear of a call once its language is known."""

    def __init__(self, bot: Assistant, record: Record, *, operator_name: str) -> None:
        self._bot = bot
        self._record = record
        self._operator_name = operator_name

    async def answer(self, call_sid: str, caller: str | None, first: str, *, lost: bool = False) -> tuple[Call, Reply]:
        """A call comes in; `first`: the language of the installation; `lost`: it has been going on, but what we knew
        of it is gone."""
        call = Call(call_sid=call_sid, contact_id=uuid4(), language=first, caller=caller, began=False)
        before = words(first).say.lost_call if lost else ""
        if language.is_a_choice():
            return language.question(call, before=before)
        return await self._welcome(call, before)

    async def speak(self, call: Call, chosen: str) -> tuple[Call, Reply]:
        """The caller has chosen a language: from here on everything is in it."""
        call = await self._record.caller(call, words(chosen).language_choice.says[0], {"language": chosen})
        return await self._welcome(understood(replace(call, language=chosen, chose_language=True)))

    async def not_chosen(self, call: Call, heard: Command) -> tuple[Call, Reply]:
        """Asked once more at most: then the call goes on in the first language."""
        say, record = words(call.language).say, words(call.language).record
        if heard == "repeat":
            return language.question(await self._record.note(call, record.asked_again))
        miss: Miss = "no_input" if heard == "silence" else "no_match"
        call = await self._record.note(call, record.silence if heard == "silence" else record.unclear, {"miss": miss})
        call, _ = missed(call, miss)
        if call.misses > 1:
            return await self._welcome(understood(call))
        return language.question(call, before=say.not_heard if heard == "silence" else say.not_understood)

    async def begun(self, call: Call) -> tuple[Call, str]:
        """Told to escalation and the assistant, once; what the assistant has to say first."""
        if call.began:
            return call, ""
        call = await self._record.start(call)
        news, incidents = await assistant.greet(self._bot, call)
        return replace(call, incidents=incidents), news

    async def _welcome(self, call: Call, before: str = "") -> tuple[Call, Reply]:
        spoken = words(call.language)
        call, news = await self.begun(call)
        welcome = before or spoken.say.welcome.format(operator=self._operator_name)
        can_have_news = bool(call.incidents) and can_be_texted(call)
        call = asked(call, replace(replies.menu_prompt(spoken, menu.TOP), offers_news=can_have_news))
        return call, replies.ask(call, spoken, before=joined(welcome, news))
