"""The alert rules name measures that are really told, and lead to pages that are really there."""

import json
import re
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import chat.app
from escalation.watch import PROVEN, beat
from ivr.measures import Measures
from metrics import Metrics
from ops.inspection.place import advices
from settings import ROOT, Settings
from tests.escalation.escalation_service import started
from traffic import Traffic

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "ops/monitoring/alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((ROOT / "ops/monitoring/dashboard.json").read_text(encoding="utf-8"))["panels"]
RUNBOOK = re.compile(r"docs/runbooks/[a-z-]+\.md")
OF_PROMETHEUS = {"up"}


async def told_by(settings: Settings) -> set[str]:
    """The names in the real `/metrics`, with the program's own counts in it."""
    counted = Metrics()
    async with started(settings) as running:
        await beat(running.office)
        await beat(running.office, PROVEN)
        running.app.state.metrics = counted
        chat.app.create_app(settings, metrics=counted)
        site = Traffic(running.app, counted, frozenset({"escalation"}))
        token = settings.firstline_internal_token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://web") as http:
            await http.get("/metrics", headers=headers)
            text = (await http.get("/metrics", headers=headers)).text + Measures(settings).text().decode()
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples} | {
        family.name for family in text_string_to_metric_families(text)
    }


async def test_every_measure_of_an_alert_is_told(settings: Settings, migrated: str) -> None:
    named = {name for rule in RULES for name in re.findall(r"\b(?:firstline_\w+|up)\b", rule["expr"])}

    told = await told_by(settings.model_copy(update={"database_url": migrated}))

    assert len(named) >= 9
    assert named - told - OF_PROMETHEUS == set()


async def test_every_measure_of_the_dashboard_is_told(settings: Settings, migrated: str) -> None:
    asked = [target["expr"] for panel in PANELS for target in panel.get("targets", ())]
    named = {name for expression in asked for name in re.findall(r"\bfirstline_\w+", expression)}

    told = await told_by(settings.model_copy(update={"database_url": migrated}))

    assert len(named) >= 12
    assert named - told == set()


def test_the_panels_of_the_dashboard_do_not_cover_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_has_its_runbook(rule: dict[str, Any]) -> None:
    page = (ROOT / rule["annotations"]["runbook"]).read_text(encoding="utf-8")

    assert "**What it means.**" in page
    assert "**What to do.**" in page
    assert rule["labels"]["severity"] in ("page", "ticket")


def test_every_runbook_that_an_advice_names_is_there() -> None:
    named = {name for advice in advices().values() for name in RUNBOOK.findall(advice)}

    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert len(named) >= 10


def test_no_runbook_is_left_over() -> None:
    named = {rule["annotations"]["runbook"] for rule in RULES}
    named |= {name for advice in advices().values() for name in RUNBOOK.findall(advice)}

    assert {str(page.relative_to(ROOT)) for page in (ROOT / "docs/runbooks").glob("*.md")} == named
