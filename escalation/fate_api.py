"""The path for whoever learns from what became of the answers."""

from typing import Annotated

from fastapi import APIRouter, Query

from escalation import ledger
from escalation.asks import FatePage, FatesAsked
from escalation.contact_api import OfficeOf

router = APIRouter(prefix="/escalation/v1", tags=["fates"])


@router.get("/fates")
async def fates(office: OfficeOf, asked: Annotated[FatesAsked, Query()]) -> FatePage:
    """A page that is not full is the last one."""
    return FatePage(fates=await ledger.read(office, asked))
