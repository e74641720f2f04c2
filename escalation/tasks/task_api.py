"""The path of tasks that recur."""

from typing import Annotated

from fastapi import APIRouter, Query

from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.tasks.agenda import agenda
from escalation.tasks.task_wire import TaskAgenda

router = APIRouter(prefix="/escalation/v1", tags=["tasks"])


@router.get("/tasks")
async def tasks(person: PersonName, office: OfficeOf, days: Annotated[int, Query(ge=1, le=366)] = 14) -> TaskAgenda:
    return await agenda(office, person, days=days)
