"""Break the running product in every way we know, under load, and write down what became of it.

    .venv/bin/python -m benchmarks.faults [--only WORD ...] [--built FOLDER] [--write]

Starts the product with storage, wires and a disk of its own; nothing else on the machine is touched. `--only` picks the
faults in whose names one of the words is. `--built` is the state folder of another Firstline, whose index and assistant
are copied. `--write` makes docs/faults.md. Ends with 1 when something was lost.
"""

import argparse
import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.faults.fault import APART_S, CALM, all_faults
from benchmarks.faults.outcome import Outcome, undergo
from benchmarks.faults.people import EVERY_S, OF_THEM_WANT_A_PERSON, WRITERS
from benchmarks.faults.stage import Stage, staged
from settings import ROOT

PAGE = ROOT / "docs" / "faults.md"
MOST_WORDS = 90  # characters of what was said


def page(outcomes: Sequence[Outcome], left_out: Sequence[str], audit: str) -> str:
    lost = sum(outcome.lost for outcome in outcomes)
    lines = [
        "# What happens when something breaks",
        "",
        "Made by `.venv/bin/python -m benchmarks.faults --write`: the whole product under load, one thing broken at a"
        f" time and in pairs. {WRITERS} subscribers write a message every {EVERY_S:g} s each and wait for no answer,"
        f" {OF_THEM_WANT_A_PERSON} of them ask for a person while it is broken; one call goes on, another begins."
        " Programs that end are started again as `scripts/run` does.",
        "",
        machine.description(),
        "",
        "*Sent* messages are those customers wrote; each must be shown once by a page opened anew (*shown*) and be in"
        " the transcript that agents read (*kept*). *Told* references must be tickets that exist, one a conversation."
        " *Back* is how long after the repair a new subscriber gets an answer.",
        "",
        "| broken | sent / shown / kept | tickets told / stored | lost or twice | back s | chat said | callers heard |",
        "|---|---|---|---|---|---|---|",
        *(_row(outcome, calm=outcomes[0]) for outcome in outcomes),
        "",
        f"{len(outcomes) - 1} faults, {sum(each.sent for each in outcomes)} messages,"
        f" {sum(each.told for each in outcomes)} tickets: {lost} lost, shown twice, unanswered or doubled.",
        "",
        f"The clocks' auditor afterwards, which was told that clocks were {APART_S} s apart: {audit}",
        *([""] if left_out else []),
        *left_out,
    ]
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome, *, calm: Outcome) -> str:
    """`calm`: what happened while nothing was broken; what the chat says then is left out."""
    back = "never" if outcome.recovered_s is None else f"{outcome.recovered_s:.1f}"
    spoken = " / ".join(dict.fromkeys(_short(words) for words in outcome.phone_said))
    unusual = outcome.notices - Counter(dict.fromkeys(calm.notices, outcome.notices.total()))
    notice = unusual.most_common(1)[0][0] if unusual else ""
    messages = f"{outcome.sent} / {outcome.in_chat} / {outcome.recorded}"
    cells = (
        outcome.fault, messages, f"{outcome.told} / {outcome.stored}", str(outcome.lost), back,
        _short(notice) or "answered as ever", spoken,
    )  # fmt: skip
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= MOST_WORDS else plain[: MOST_WORDS - 1].rsplit(" ", 1)[0] + " …"


def audited(stage: Stage) -> str:
    """What `escalation.audit` says last."""
    environment = stage.product.environment
    done = subprocess.run(
        [sys.executable, "-m", "escalation.audit", "--apart", str(APART_S)],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = (done.stdout or done.stderr).strip().splitlines()
    return said[-1] if said else f"ended with {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[""])
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    chosen = [fault for fault in all_faults() if any(word in fault.name for word in options.only)]
    outcomes, left_out = [], []
    with staged(options.built) as stage:
        for fault in (CALM, *chosen):
            if why := fault.needs(stage):
                left_out.append(f"Not tried: {fault.name}, because {why}.")
                continue
            outcome = asyncio.run(undergo(stage, fault))
            outcomes.append(outcome)
            print(_row(outcome, calm=outcomes[0]), flush=True)
            if outcome.lost:
                print(f"    {outcome}", flush=True)
        text = page(outcomes, left_out, audited(stage))
    print(text)
    if options.write:
        PAGE.write_text(text)
    return int(any(outcome.lost or outcome.recovered_s is None for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
