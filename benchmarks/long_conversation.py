"""What a turn costs late in a conversation: turns around the 200th beside first ones of other conversations, in turn.

    .venv/bin/python -m benchmarks.long_conversation [--built FOLDER] [--write]

Starts the whole product with a state folder of its own; `--built` is the state folder of another Firstline, whose index
and assistant are copied.
"""

import argparse
import asyncio
import statistics
import time
from pathlib import Path

import httpx

from benchmarks import machine
from benchmarks.writer import Writer, writing
from ops import trial
from settings import ROOT

LONG, MEASURED = 200, 40
MOST_RATIO = 1.3
SMALL_TALK = ("thanks", "what can you do")  # nobody is given to a person for these


async def turn_ms(writer: Writer, text: str) -> float:
    """Until the first word of the answer; then a moment, so that the rest of it is not measured."""
    before, begun = len(writer.events), time.perf_counter()
    await writer.say(text)
    await writer.answered(before, 10)
    took = (time.perf_counter() - begun) * 1000
    await asyncio.sleep(0.1)
    return took


async def measure(url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of early and of late turns, interleaved. The same is said in both."""
    early, late = [], []
    async with httpx.AsyncClient(base_url=url, timeout=30) as http, writing(http) as long:
        await long.answered(0, 20)
        for number in range(LONG - MEASURED // 2):
            await turn_ms(long, SMALL_TALK[number % 2])
            if number % 50 == 49:
                print(f"turn {number + 1}", flush=True)
        for number in range(MEASURED):
            text = SMALL_TALK[number % 2]
            late.append(await turn_ms(long, text))
            async with writing(http) as fresh:
                await fresh.answered(0, 20)
                await turn_ms(fresh, SMALL_TALK[(number + 1) % 2])
                early.append(await turn_ms(fresh, text))
    return early, late


def report(early: list[float], late: list[float]) -> str:
    ratio = statistics.median(late) / statistics.median(early)
    return "\n".join(
        [
            machine.description(),
            "",
            f"{MEASURED} turns each: the second of a conversation p50 {statistics.median(early):.1f} ms, those around"
            f" the {LONG}th p50 {statistics.median(late):.1f} ms: {ratio:.2f} times (at most {MOST_RATIO}).",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/long_conversation.md")
    options = parser.parse_args()
    with trial.running(print, built=options.built, CHAT_REQUESTS_PER_MINUTE="100000") as product:
        text = report(*asyncio.run(measure(product.url)))
    print(text)
    if options.write:
        (ROOT / "benchmarks" / "results" / "long_conversation.md").write_text(f"# A long conversation\n\n{text}\n")


if __name__ == "__main__":
    main()
