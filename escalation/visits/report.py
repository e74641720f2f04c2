"""What a visit's report must tell before it can be closed. Pure."""

from escalation.errors import Incomplete
from escalation.visits.visit_wire import VisitReport


def check(report: VisitReport, plan_mbps: float | None) -> None:
    """Raises Incomplete, which names the field.

    What is fixed has what was done, a measured speed where the plan has one, a reason when that is less than the plan,
    and the customer's yes. What is not has what is left to do.
    """
    if report.outcome != "fixed":
        if not report.remark:
            raise Incomplete("remark: say what you found, and what is left to do")
        return
    if not report.work:
        raise Incomplete("work: choose what was done")
    if plan_mbps is not None and report.measured_mbps is None:
        raise Incomplete("measured_mbps: measure the speed")
    if is_slower(report, plan_mbps) and not report.speed_reason:
        raise Incomplete(f"speed_reason: {report.measured_mbps:g} of {plan_mbps:g} Mbit/s needs a reason")
    if not report.confirmed_by:
        raise Incomplete("confirmed_by: the customer types their name to say that it works")


def is_slower(report: VisitReport, plan_mbps: float | None) -> bool:
    return plan_mbps is not None and report.measured_mbps is not None and report.measured_mbps < plan_mbps


def written(report: VisitReport, plan_mbps: float | None) -> str:
    """For the ticket."""
    speed = f"measured {report.measured_mbps:g} Mbit/s" if report.measured_mbps is not None else ""
    if speed and plan_mbps is not None:
        speed += f" of {plan_mbps:g}"
    parts = (
        report.outcome.replace("_", " "),
        ", ".join(one.replace("_", " ") for one in report.work),
        speed,
        report.speed_reason,
        report.remark,
        f"confirmed by {report.confirmed_by}" if report.confirmed_by else "",
    )
    return "; ".join(part for part in parts if part)
