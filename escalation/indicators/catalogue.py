"""The board's indicators, in its order."""

from escalation.indicators.efficiency import EFFICIENCY
from escalation.indicators.indicator import Indicator
from escalation.indicators.quality import QUALITY
from escalation.indicators.self_service import SELF_SERVICE
from escalation.indicators.service_level import SERVICE_LEVEL

INDICATORS: tuple[Indicator, ...] = (*SERVICE_LEVEL, *EFFICIENCY, *QUALITY, *SELF_SERVICE)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
