"""The channel `firstline`: a message in with its metadata, messages out; a turn that failed is an error, never `[]`."""

import asyncio
import gc
import logging
from collections import OrderedDict
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from secret_values import fits, several

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]
TURNS_REMEMBERED = 2000


class Collected(CollectingOutputChannel):
    """Gathers each response as one message: text, buttons and custom together."""

    @classmethod
    def name(cls) -> str:
        return "firstline"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:  # noqa: ARG002  (Rasa's signature)
        """Buttons that the domain marks `last` come after those that the action added."""
        buttons = sorted(message.get("buttons") or [], key=lambda button: bool(button.get("last")))
        await self._persist_message(
            {"text": message.get("text") or "", "buttons": buttons, "custom": message.get("custom") or {}}
        )


class FirstlineInput(InputChannel):
    def __init__(self, token: str) -> None:
        """`token`: one, or two parted by a comma while one takes the place of the other."""
        tokens = several(token)
        if not tokens:
            raise ValueError("FIRSTLINE_INTERNAL_TOKEN is empty")
        self._headers = [f"Bearer {one}" for one in tokens]
        self._turns: "OrderedDict[Tuple[str, str], asyncio.Task]" = OrderedDict()

    @classmethod
    def name(cls) -> str:
        return "firstline"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "FirstlineInput":
        return cls((credentials or {}).get("token", ""))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        channel = Blueprint("firstline", __name__)

        @channel.listener("after_server_start")
        async def settle_in(*_: Any) -> None:
            """What lives as long as the program is not looked through for garbage."""
            gc.collect()
            gc.freeze()

        @channel.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @channel.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._may_speak(request):
                return response.json({"error": "bearer token"}, status=401)
            body = request.json or {}
            if not isinstance(body.get("sender"), str) or not isinstance(body.get("message"), str):
                return response.json({"error": "sender and message are needed"}, status=422)
            return await self._answer(body, on_new_message)

        return channel

    def _may_speak(self, request: Request) -> bool:
        return fits(request.headers.get("authorization", ""), self._headers)

    async def _answer(self, body: Dict[str, Any], on_new_message: OnMessage) -> HTTPResponse:
        """A turn that is asked for again, because its asker lost patience, is not taken twice."""
        name = (body["sender"], str((body.get("metadata") or {}).get("turn_id") or id(body)))
        turn = self._turns.get(name)
        if turn is None:
            turn = self._turns[name] = asyncio.ensure_future(self._take(body, on_new_message))
            while len(self._turns) > TURNS_REMEMBERED:
                self._turns.popitem(last=False)
        messages = await asyncio.shield(turn)
        if not messages:
            self._turns.pop(name, None)  # asked again, it is tried again
            return response.json({"error": "the turn failed"}, status=503)
        return response.json(messages)

    async def _take(self, body: Dict[str, Any], on_new_message: OnMessage) -> List[Dict[str, Any]]:
        """The reply; empty when there is none, for whatever reason."""
        output = Collected()
        message = UserMessage(
            body["message"], output, body["sender"], input_channel=self.name(), metadata=body.get("metadata") or {}
        )
        try:
            await on_new_message(message)
        except Exception:  # whatever Rasa raises is a failed turn: its own channel would answer 200 and nothing
            logger.exception("turn failed: contact %s", body["sender"])
            return []
        if not output.messages:
            logger.error("turn without a reply: contact %s", body["sender"])
        return output.messages
