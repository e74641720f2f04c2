"""Whether each program, the operator's systems and Twilio answer, and whether their clocks agree with ours."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from ops.inspection.finding import Finding, State
from ops.inspection.limits import told_s
from ops.inspection.place import Check, Place, found, judged

TWILIO_API = "https://api.twilio.com"
# Asks for what exists with every operator and tells nothing about anybody: open problems of a place that is nowhere.
_OPERATOR = "/tmf-api/serviceProblemManagement/v4/serviceProblem?affectedLocation.id=firstline-inspection"
_HALF_A_SECOND = timedelta(seconds=0.5)  # a Date header is cut to whole seconds


def program(name: str, url_name: str, path: str) -> Check:
    """One of ours, at the address that this setting has."""

    async def check(place: Place) -> Sequence[Finding]:
        return await _answers(place, f"program {name}", getattr(place.settings, url_name) + path, has_clock=True)

    return check


async def operator(place: Place) -> Sequence[Finding]:
    token = place.settings.firstline_operator_token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    return await _answers(
        place, "operator systems", place.settings.firstline_operator_url + _OPERATOR, headers=headers, none_is_fine=True
    )


async def twilio(place: Place) -> Sequence[Finding]:
    """The account itself, which costs nothing to read. A stand-in without accounts answers 404."""
    account, token = place.settings.twilio_account_sid, place.settings.twilio_auth_token.get_secret_value()
    if not account:
        return [found("twilio account", State.OK, "not set up")]
    base = place.settings.twilio_api_base or TWILIO_API
    return await _answers(
        place,
        "twilio account",
        f"{base}/2010-04-01/Accounts/{account}.json",
        auth=(account, token),
        none_is_fine=bool(place.settings.twilio_api_base),
    )


async def _answers(
    place: Place,
    about: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    none_is_fine: bool = False,
    has_clock: bool = False,
) -> list[Finding]:
    """`none_is_fine`: 404 says that there is no such thing, and that somebody is there."""
    asked = place.now()
    given = place.internal if headers is None and auth is None else headers
    try:
        reply = await place.http.get(url, headers=given, auth=auth)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        return [found(about, State.BAD, f"does not answer ({type(error).__name__})", "answers")]
    took = place.now() - asked
    is_well = reply.is_success or (none_is_fine and reply.status_code == 404)
    told = f"answers in {took.total_seconds() * 1000:.0f} ms" if is_well else f"answers {reply.status_code}"
    findings = [found(about, State.OK if is_well else State.BAD, told, "answers")]
    if has_clock and (date := reply.headers.get("date")):
        skew = parsedate_to_datetime(date) + _HALF_A_SECOND - (asked + took / 2)
        findings.append(skewed(place, about, skew))
    return findings


def skewed(place: Place, about: str, skew: timedelta) -> Finding:
    seconds = abs(skew.total_seconds())
    return judged(f"clock of {about}", place.limits.clock_skew, seconds, f"{told_s(seconds)} apart", told_s)


CHECKS: dict[str, Check] = {
    "program web": program("web", "firstline_web_url", "/health/live"),
    "program assistant": program("assistant", "rasa_url", "/webhooks/firstline/health"),
    "program inner": program("inner", "firstline_inner_url", "/knowledge/v1/health"),
    "program outbound": program("outbound", "firstline_outbound_url", "/outbound/v1/health"),
    "operator systems": operator,
    "twilio account": twilio,
}
