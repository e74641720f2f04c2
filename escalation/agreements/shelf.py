"""Agreements and their penalties for those who may read them: supervisors, auditors, administrators."""

from datetime import datetime

from escalation.agreements import report
from escalation.agreements.paper import paper, row
from escalation.agreements.wire import AgreementList, AgreementPaper, PenaltyReport
from escalation.errors import NotFound
from escalation.office import Office
from escalation.permission import check_reads_agreements
from escalation.policy import Policy


async def every(office: Office, username: str) -> AgreementList:
    """Raises NotAllowed."""
    check_reads_agreements(office.policy, username)
    now = office.now()
    return AgreementList(agreements=tuple(row(one, now) for one in office.policy.agreements.agreements))


async def one(office: Office, username: str, agreement_id: str, version: int | None) -> AgreementPaper:
    """The version that holds now unless one is named. Raises NotAllowed or NotFound."""
    check_reads_agreements(office.policy, username)
    return found(office.policy, agreement_id, version, office.now())


async def penalties(office: Office, username: str, month: str) -> PenaltyReport:
    """Raises NotAllowed, and Incomplete for what is no month."""
    check_reads_agreements(office.policy, username)
    return await report.of_month(office, month)


def found(policy: Policy, agreement_id: str, version: int | None, now: datetime) -> AgreementPaper:
    """Raises NotFound."""
    agreement = policy.agreements.find(agreement_id, now, version)
    if agreement is None:
        which = f" in version {version}" if version is not None else ""
        raise NotFound(f"no agreement {agreement_id[:64]}{which}")
    return paper(agreement, policy, now)
