"""One look at everything, all at once: what is down, slow or broken takes nothing else with it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from ops.inspection import flow, knowledge, machine, programs, servers
from ops.inspection.finding import Finding, State, worst
from ops.inspection.limits import Limits
from ops.inspection.place import Check, Place, found, utc_now
from settings import Settings

SEEN_AGAIN = timedelta(seconds=10)

log = logging.getLogger(__name__)

CHECKS: Mapping[str, Check] = {
    **programs.CHECKS,
    **servers.CHECKS,
    **flow.CHECKS,
    **knowledge.CHECKS,
    **machine.CHECKS,
}


@dataclass(frozen=True, slots=True)
class Inspection:
    at: datetime
    findings: Sequence[Finding]  # the worst first

    @property
    def state(self) -> State:
        return worst(self.findings)


async def inspect(settings: Settings) -> Inspection:
    """Raises LimitsWrong."""
    limits = Limits.read()
    async with httpx.AsyncClient(timeout=limits.each_check_within) as http:
        return await look(Place(settings, limits, http))


class Inspector:
    """For a page that many may open: within some seconds all of them see the same look."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one_at_a_time = asyncio.Lock()
        self._last: Inspection | None = None

    async def __call__(self) -> Inspection:
        async with self._one_at_a_time:
            if self._last is None or utc_now() - self._last.at > SEEN_AGAIN:
                self._last = await inspect(self._settings)
            return self._last


async def look(place: Place, checks: Mapping[str, Check] = CHECKS) -> Inspection:
    at = place.now()
    looks = (_look(place, about, check) for about, check in checks.items())
    findings = [finding for findings in await asyncio.gather(*looks) for finding in findings]
    return Inspection(at, sorted(findings, key=lambda finding: -finding.state))


async def _look(place: Place, about: str, check: Check) -> Sequence[Finding]:
    """A check that breaks is a finding: nobody should read an inspection that left something out."""
    within_s = place.limits.each_check_within
    try:
        async with asyncio.timeout(within_s):
            return await check(place)
    except TimeoutError:
        return [found(about, State.BAD, "does not answer in time", f"within {within_s:g} s")]
    except Exception as error:
        log.exception("the check of %s broke", about)
        return [found(about, State.BAD, f"the check itself broke ({type(error).__name__})")]
