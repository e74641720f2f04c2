"""Paths for whoever runs the hub: how subscriptions are doing, what could not be delivered, and sending it again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from escalation import dead_letters
from escalation.contact_api import OfficeOf
from escalation.dead_letters import DeadAsked, DeadLetter, SubscriptionState
from escalation.storable import Wire

router = APIRouter(prefix="/escalation/v1/hub", tags=["hub"])

WebhookId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Subscriptions(Wire):
    subscriptions: list[SubscriptionState]


class DeadLetters(Wire):
    dead: list[DeadLetter]


class Replayed(Wire):
    replayed: int


@router.get("/subscriptions")
async def subscriptions(office: OfficeOf) -> Subscriptions:
    return Subscriptions(subscriptions=await dead_letters.subscriptions(office))


@router.get("/dead")
async def dead(office: OfficeOf, asked: Annotated[DeadAsked, Query()]) -> DeadLetters:
    return DeadLetters(dead=await dead_letters.listed(office, asked))


@router.post("/dead/{webhook_id}/replay")
async def replay(webhook_id: WebhookId, office: OfficeOf) -> Replayed:
    return Replayed(replayed=await dead_letters.replay(office, webhook_id))


@router.post("/subscriptions/{subscription_id}/replay")
async def replay_all(subscription_id: UUID, office: OfficeOf) -> Replayed:
    return Replayed(replayed=await dead_letters.replay_all(office, subscription_id))
