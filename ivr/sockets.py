"""ConversationRelay's entrances: its socket, the webhook that goes on without it, and what is counted of both."""

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket
from redis import RedisError

from ivr import voice
from ivr.entrance import OVER, Caller, Signed, twiml
from ivr.exchange import Exchange
from ivr.measures import Measures
from ivr.relay import Session
from ivr.relayed import Ended
from ivr.signature import Signature
from metrics import MEDIA_TYPE

MOST_SESSION_CHARS = 64

router = APIRouter()


@router.websocket("/relay")
async def relay(socket: WebSocket) -> None:
    """Closed before it is accepted, an upgrade is answered 403."""
    signature: Signature = socket.app.state.signature
    measures: Measures = socket.app.state.measures
    if not signature.is_genuine(socket):
        measures.refused.inc()
        await socket.close()
        return
    await socket.accept()
    exchange: Exchange = socket.app.state.exchange
    session = Session(
        socket, exchange.relayed, line=exchange.line, budget_s=exchange.webhooks.budget_s, sleep=exchange.sleep
    )
    await session.talk()


@router.post("/relayed")
async def relayed(request: Request, form: Signed) -> Response:
    """The session is over: by us, by a break, or because the caller is gone."""
    exchange: Exchange = request.app.state.exchange
    measures: Measures = request.app.state.measures
    caller = Caller(form)
    if form.get("CallStatus") in OVER:
        return twiml(voice.nothing_more())
    ended = Ended(form.get("SessionId", "")[:MOST_SESSION_CHARS], handed_over=bool(form.get("HandoffData")))
    if not ended.handed_over:
        measures.dropped.inc()
    try:
        document = await exchange.relayed.over(caller.call_sid, ended)
        return twiml(document or await exchange.webhooks.began_again(caller.call_sid, caller.number))
    except RedisError:
        return twiml(await exchange.webhooks.without_state(caller.call_sid, caller.number))


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    measures: Measures = request.app.state.measures
    if not measures.may_read(request.headers.get("authorization", "")):
        raise HTTPException(401)
    return Response(measures.text(), media_type=MEDIA_TYPE)
