"""Policy files changed in a test as people change them: proposed on what is in force, and decided."""

from escalation.office import Office
from escalation.published import proposing, ruling, shelf
from escalation.published.in_force import InForce
from escalation.published.policy_wire import ProposeAsked, RuleAsked

SUPERVISOR, OTHER, AGENT, AUDITOR = "sam.okoye", "dora.berg", "amira.khan", "agnes.hall"
ADMINISTRATOR = OTHER


async def text_of(office: Office, file: str) -> str:
    return (await shelf.one(office, SUPERVISOR, file)).text


async def propose(
    office: Office, file: str, written: str, instead: str, *, by: str = SUPERVISOR, why: str = "as agreed"
) -> int:
    """The first place where it is `written` so is written otherwise."""
    found = await shelf.one(office, by, file)
    assert written in found.text
    text = found.text.replace(written, instead, 1)
    return await proposing.propose(office, by, file, ProposeAsked(text=text, base=found.base, why=why))


async def publish(office: Office, file: str, written: str, instead: str) -> Office:
    """The office afterwards."""
    proposal_id = await propose(office, file, written, instead)
    await ruling.accept(office, OTHER, proposal_id, RuleAsked())
    return await InForce(office).look()
