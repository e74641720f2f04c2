"""How old the live index is, and which articles nobody has looked at for too long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx

from ops.inspection.finding import Finding, State
from ops.inspection.place import Check, Place, aged, found, judged


async def knowledge(place: Place) -> Sequence[Finding]:
    inner = place.settings.firstline_inner_url + "/knowledge/v1"
    before = (place.now() - timedelta(seconds=place.limits.review_articles_every)).date()
    try:
        health = await place.http.get(f"{inner}/health", headers=place.internal)
        unreviewed = await place.http.get(
            f"{inner}/unreviewed", params={"before": before.isoformat()}, headers=place.internal
        )
        built_at = datetime.fromisoformat(health.raise_for_status().json()["built_at"])
        old = unreviewed.raise_for_status().json()
    except (httpx.HTTPError, ValueError, KeyError):
        return [found("knowledge index", State.BAD, "not told", "told")]
    age_s = max(0.0, (place.now() - built_at).total_seconds())
    words = f"{old['count']} not looked at since {before}" + ("".join(f", {name}" for name in old["oldest"]))
    limits = place.limits
    return [
        aged("knowledge index", limits.index_age, age_s, "built {} ago"),
        judged("articles past review", limits.articles_past_review, old["count"], words, lambda most: f"{most:g}"),
    ]


CHECKS: dict[str, Check] = {"knowledge index": knowledge}
