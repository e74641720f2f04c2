"""The real actions around a knowledge base in memory, for measuring Rasa alone."""

from typing import Any

from fastapi import FastAPI, Request

from actions.app import executor, run_call
from actions.tools import Tools
from tests.actions.world import Desk, Identity, Knowledge, Operator, Texts, answers, article, flow

desk = Desk()
knowledge = Knowledge(answers("broadband-slow-tonight"))
knowledge.answers["slow"] = knowledge.answers.pop("broadband")
ready = executor(
    Tools(
        decide=knowledge.decide,
        article=article,
        flow=flow,
        escalation=desk,
        telling=desk,
        subscriber=Operator(),
        identity=Identity(),
        messages=Texts(),
        operator="Demo",
    )
)
app = FastAPI()


@app.post("/webhook")
async def webhook(request: Request) -> dict[str, Any]:
    return await run_call(ready, await request.json())


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}
