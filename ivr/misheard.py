"""What happens when a caller was not heard, not understood, or hardly: every way leads on, none to a dead line."""

from ivr import call as calls
from ivr import doubt, ending, ladder, pace
from ivr.call import Call, Miss
from ivr.meaning import Number, Say
from ivr.queue import Queue
from ivr.record import Record
from ivr.reply import Goodbye, Reply
from ivr.transfer import Transfer
from ivr.words import words


class Misheard:
    """Answers None where a person is what is left."""

    def __init__(self, record: Record, queue: Queue, transfer: Transfer) -> None:
        self._record = record
        self._queue = queue
        self._transfer = transfer

    async def missed(self, call: Call, miss: Miss) -> tuple[Call, Reply | None]:
        """Silence means something else to who waits, works on a step, or needs nothing more."""
        spoken = words(call.language)
        note = spoken.record.silence if miss == "no_input" else spoken.record.unclear
        call = await self._record.note(call, note, {"miss": miss})
        prompt, is_silent = call.prompt, miss == "no_input"
        if prompt.asks == "hold":
            return await self._queue.go_on(call)
        if prompt.asks == "satisfaction" and not is_silent:
            return ending.not_rated(call)
        if prompt.may_end and is_silent:
            return call, Goodbye(spoken.say.goodbye)
        if prompt.expects == "callback_number" and is_silent:
            return await self._transfer.with_number(call, None)
        if is_silent and pace.needs_time(call):
            return pace.take_your_time(call)
        return self._up(pace.over(call), miss, spoken.say.not_heard if is_silent else spoken.say.not_understood)

    async def unsure(self, call: Call, meaning: Say | Number, confidence: float | None) -> tuple[Call, Reply]:
        """The caller is asked whether that is what they said."""
        shown = words(call.language).record.phone if isinstance(meaning, Number) else meaning.shown
        call = await self._record.caller(call, shown, {"unsure": True, "confidence": confidence})
        if call.doubt is not None:
            call, _ = doubt.settled(call)
        return doubt.ask_back(pace.over(call), meaning)

    async def wrong(self, call: Call) -> tuple[Call, Reply | None]:
        """Wrongly heard is not understood: the same ladder."""
        spoken = words(call.language)
        call = await self._record.note(call, spoken.record.unclear, {"miss": "no_match"})
        call, _ = doubt.settled(call)
        return self._up(call, "no_match", spoken.say.sorry_again)

    def _up(self, call: Call, miss: Miss, sorry: str) -> tuple[Call, Reply | None]:
        call, rung = calls.missed(call, miss)
        match rung:
            case "shorter":
                return ladder.shorter(call, sorry)
            case "keys":
                return ladder.keys_only(call, sorry)
            case "person":
                return call, None
