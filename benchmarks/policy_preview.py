"""How long a look at a proposed policy takes: its check with all other files, and the open tickets begun under both.

    .venv/bin/python -m benchmarks.policy_preview [--tickets 2000] [--seed 7]

Nothing is stored, and no server is needed: the tickets are made here, of every topic and segment.
"""

import argparse
import random
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from benchmarks.machine import description
from escalation import policy
from escalation.policy import Policy, Source, assembled
from escalation.published.effect import MOST, Opened, OpenTickets, effect, rehearse
from escalation.signals import SCALES, Signals

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RUNS = 5
SLOW, SLOWER = "P4: 1}  # tier that", "P4: 2}  # tier that"


def tickets(known: Policy, count: int, rng: random.Random) -> OpenTickets:
    topics = sorted(known.routing.categories)
    scales = {name: rng.choices(words, k=count) for name, words in SCALES.items()}
    opened = [
        Opened(
            f"FL-{10_000_000 + number}",
            Signals.model_validate(
                {
                    **{"category": rng.choice(topics), "reason": "not_helped", "customer_id": str(number)},
                    **{name: words[number] for name, words in scales.items()},
                }
            ),
            None,
            None,
            True,
        )
        for number in range(count)
    ]
    return OpenTickets(count, opened)


def took(work: Callable[[], object]) -> float:
    """Milliseconds, the median of some runs."""
    times = []
    for _ in range(RUNS):
        begun = perf_counter()
        work()
        times.append(1000 * (perf_counter() - begun))
    return sorted(times)[RUNS // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tickets", type=int, default=MOST)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    present = policy.load()
    written = present.source.installed["tiers.yml"].replace(SLOW, SLOWER)
    proposed = assembled(Source(installed=present.source.installed, published={"tiers.yml": written}))
    found = tickets(present, asked.tickets, random.Random(asked.seed))
    changed = effect(present, proposed, found, NOW).changed
    print(description())
    print(f"all files read and checked together: {took(lambda: assembled(proposed.source)):.0f} ms")
    print(f"a ticket of every topic and segment opened for a trial: {took(lambda: rehearse(proposed, NOW)):.0f} ms")
    looked_at = took(lambda: effect(present, proposed, found, NOW))
    print(f"{asked.tickets} tickets begun under both, {changed} otherwise: {looked_at:.0f} ms")


if __name__ == "__main__":
    main()
