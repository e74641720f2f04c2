"""The demo operator's plans and prices: data/operator/demo/plans.yml."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo.book import Kind

CURRENCY = "GBP"
TAX_PCT = 20


class DemoPlan(BaseModel):
    """Prices are a month's, with tax. An allowance of -1 is unlimited, one of 0 is not included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    kind: Kind
    price: Decimal = Field(ge=0, decimal_places=2)
    data_gb: int = Field(default=0, ge=-1)
    minutes: int = Field(default=0, ge=-1)
    messages: int = Field(default=0, ge=-1)
    down_mbps: int = Field(default=0, ge=0)  # 0: no speed is sold
    term_months: int = Field(default=0, ge=0)  # the minimum term; 0: it can be ended every month
    on_offer: bool = True


class Tariff(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    plans: tuple[DemoPlan, ...]

    @staticmethod
    @cache
    def read(folder: Path) -> "Tariff":
        """Raises pydantic.ValidationError with the plan that is wrong."""
        return Tariff.model_validate({"plans": yaml.safe_load((folder / "plans.yml").read_text("utf-8"))})

    def plan_of(self, service_name: str) -> DemoPlan:
        """By the service's whole name, else by what stands before the site. Raises KeyError for an unknown plan."""
        by_name = {plan.name: plan for plan in self.plans}
        return by_name.get(service_name) or by_name[service_name.partition(",")[0]]
