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


class QueueGauges:
    """The same three measures for every queue of ours, whoever keeps it."""

    def __init__(self, metrics: Metrics) -> None:
        self._waiting = metrics.gauge("firstline_queue_waiting", "What waits in a queue", "queue")
        self._oldest = metrics.gauge("firstline_queue_oldest_seconds", "How long the oldest waits there", "queue")
        self._dead = metrics.gauge("firstline_queue_dead", "What was given up there, and is kept for people", "queue")

    def tell(self, queue: str, *, waiting: int, oldest_s: float, dead: int = 0) -> None:
        self._waiting.labels(queue).set(waiting)
        self._oldest.labels(queue).set(oldest_s)
        self._dead.labels(queue).set(dead)
