"""What the telephone counts about itself, for Prometheus."""

from secrets import compare_digest

from metrics import Metrics
from settings import Settings


class Measures:
    """Of this copy of the service, since it started; read with FIRSTLINE_INTERNAL_TOKEN as bearer."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.firstline_internal_token.get_secret_value()
        self._metrics = Metrics()
        self.refused = self._metrics.counter(
            "firstline_ivr_sockets_refused", "Sockets that Twilio did not sign, refused before they were opened"
        )
        self.dropped = self._metrics.counter(
            "firstline_ivr_sockets_dropped", "Sockets that broke in the middle of a call, which went on by webhooks"
        )

    def may_read(self, authorization: str) -> bool:
        return bool(self._token) and compare_digest(authorization.encode(), f"Bearer {self._token}".encode())

    def text(self) -> bytes:
        return self._metrics.text()
