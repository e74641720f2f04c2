"""The shape of data/operator/outages.yml: when many reports are suspected to be one outage."""

from datetime import timedelta

from pydantic import Field, model_validator

from escalation.outages.surge import SurgeRules
from escalation.policy_files import Duration, Entry


class OutagesFile(Entry):
    windows: tuple[Duration, ...] = Field(min_length=1, max_length=6)
    least_customers: int = Field(ge=3, le=1000)
    false_alarms_per_year: float = Field(gt=0, le=10_000)
    history: Duration
    once_within: Duration

    @model_validator(mode="after")
    def _sound(self) -> "OutagesFile":
        if max(self.windows) > timedelta(hours=6):
            raise ValueError("a window is at most 6h")
        if self.once_within < max(self.windows):
            raise ValueError("once_within must be at least as long as the longest window")
        return self

    @property
    def rules(self) -> SurgeRules:
        return SurgeRules(self.windows, self.least_customers, self.false_alarms_per_year)
