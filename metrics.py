"""What a program counts about itself, in one registry a process, and how Prometheus reads it."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Of one program. A room makes its own measures on `registry`; names begin with `firstline_`, units end them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

    def gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=self.registry)

    def counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def text(self) -> bytes:
        return generate_latest(self.registry)
