"""`python -m knowledge.learn`: what customers asked and nobody answered, what to do about it, and doing it.

`gaps`: the questions, grouped by meaning. `proposals`: what could be done, each with its ID.
`accept ID`: do it; a knowledge base that became worse is not published, and the article stays as it is (exit code 3).
`reject ID --because REASON`: never propose it again.
"""

import argparse
import asyncio
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from escalation.client import EscalationClient, EscalationUnavailable
from knowledge import work_list
from knowledge.acceptance import NotAccepted, accept
from knowledge.build import REFUSED, build
from knowledge.comparison import COMPARISON, Comparison
from knowledge.draft import ARTICLES
from knowledge.fate import FATES, Fate
from knowledge.findings import Gap, Proposal
from knowledge.gate import Override, Refused
from knowledge.rulings import Ruling, Rulings
from knowledge.shelf import NotBuilt, Shelf
from knowledge.source import Broken
from knowledge.stopping import stopped_in_order
from settings import Settings, load

What = Literal["gaps", "proposals"]
Found = Sequence[Gap | Proposal]
Learn = Callable[[Settings, What, timedelta], Found]
Publish = Callable[[Settings, Path, Override | None], object]


@stopped_in_order()
def main(
    arguments: Sequence[str] | None = None,
    *,
    settings: Settings | None = None,
    learn: Learn | None = None,
    publish: Publish | None = None,
) -> int:
    options = _parser().parse_args(arguments)
    settings, learn = settings or load(), learn or _learn
    try:
        if options.what in ("accept", "reject"):
            told = _decide(options, settings, learn, publish or partial(_publish, compared=options.compared))
            sys.stdout.write("".join(f"{line}\n" for line in told))
        else:
            found = learn(settings, options.what, timedelta(days=options.days))
            sys.stdout.write(as_json(found) if options.json else as_text(found))
        return 0
    except (NotBuilt, NotAccepted) as error:
        sys.stderr.write(f"{error}\n")
    except Broken as broken:
        sys.stderr.write(f"{broken}\nNothing was changed: the articles must be in order first.\n")
    except EscalationUnavailable:
        sys.stderr.write("Escalation does not answer: is Firstline running?\n")
    except Refused as refused:
        sys.stderr.write(f"{refused}\nThe article is as it was before.\n")
        return REFUSED
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge.learn", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    some = argparse.ArgumentParser(add_help=False)
    some.add_argument("--days", type=int, default=30, help="how far to look back (default: 30)")
    what = parser.add_subparsers(dest="what", required=True)
    for name in ("gaps", "proposals"):
        what.add_parser(name, parents=[some]).add_argument("--json", action="store_true", help="print them as JSON")
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who decides (default: %(default)s)")
    yes = what.add_parser("accept", parents=[some, who])
    yes.add_argument("id", metavar="ID")
    yes.add_argument("--as", dest="words", default="", metavar="WORDS", help="add these words instead")
    yes.add_argument("--override", metavar="NAME", help="publish although the gate refuses; your name is recorded")
    yes.add_argument("--because", default="", metavar="REASON")
    yes.add_argument("--articles", type=Path, default=ARTICLES, help="the folder of the articles")
    yes.add_argument("--compared", type=Path, metavar="FILE", help="write there, as JSON, what got better and worse")
    no = what.add_parser("reject", parents=[some, who])
    no.set_defaults(compared=None)
    no.add_argument("id", metavar="ID")
    no.add_argument("--because", required=True, metavar="REASON")
    return parser


def _decide(options: argparse.Namespace, settings: Settings, learn: Learn, publish: Publish) -> Sequence[str]:
    rulings = Rulings(Shelf.folder_of(settings))
    if ruling := rulings.of(options.id):
        raise NotAccepted(f"{options.id} was {ruling.decision} by {ruling.by} on {ruling.at:%Y-%m-%d}.")
    found = learn(settings, "proposals", timedelta(days=options.days))
    proposal = next((entry for entry in found if isinstance(entry, Proposal) and entry.id == options.id), None)
    if proposal is None:
        raise NotAccepted(f"There is no proposal {options.id}: python -m knowledge.learn proposals lists them.")
    if options.what == "reject":
        rulings.add(_ruling(proposal, "rejected", options.because, by=options.by))
        return (f"{proposal.id} will not be proposed again.",)
    override = Override(options.override, options.because) if options.override else None
    told = accept(proposal, options.articles, lambda folder: publish(settings, folder, override), words=options.words)
    rulings.add(_ruling(proposal, "accepted", options.because, by=options.by))
    return told


def _publish(settings: Settings, articles: Path, override: Override | None, *, compared: Path | None = None) -> object:
    return build(settings, articles, override=override, show=partial(_keep, compared) if compared else None)


def _keep(file: Path, comparison: Comparison) -> None:
    """In one step: somebody reads it while this program runs."""
    new = file.with_suffix(".new")
    new.write_bytes(COMPARISON.dump_json(comparison))
    os.replace(new, file)


def _ruling(proposal: Proposal, decision: Literal["accepted", "rejected"], reason: str, *, by: str) -> Ruling:
    now = datetime.now(UTC)
    return Ruling(proposal.id, proposal.kind, decision, reason, by, now, proposal.alike)


def _learn(settings: Settings, what: What, back: timedelta) -> Found:
    """Raises `NotBuilt` and `EscalationUnavailable`."""
    return asyncio.run(_learn_from(settings, what, back))


async def _learn_from(settings: Settings, what: What, back: timedelta) -> Found:
    shelf, escalation = Shelf(settings), EscalationClient.connect(settings)
    try:
        fates = await told_since(datetime.now(UTC) - back, escalation)
        return await work_list.gaps(shelf, fates) if what == "gaps" else await work_list.proposals(shelf, fates)
    finally:
        await escalation.aclose()
        shelf.close()


async def told_since(since: datetime, escalation: EscalationClient) -> tuple[Fate, ...]:
    """What became of the answers given since then. Raises `EscalationUnavailable`."""
    return FATES.validate_python([fate.model_dump(mode="json") async for fate in escalation.fates(since=since)])


def as_json(found: Found) -> str:
    return json.dumps([asdict(entry) for entry in found], indent=1, ensure_ascii=False) + "\n"


def as_text(found: Found) -> str:
    if not found:
        return "Nothing to do.\n"
    parts = [_gap(entry) if isinstance(entry, Gap) else _proposal(entry) for entry in found]
    return "\n".join("\n".join(lines) + "\n" for lines in parts)


def _gap(gap: Gap) -> Iterator[str]:
    outcomes = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in gap.outcomes.items())
    yield f"{_counted(gap.questions, 'question')} of {_counted(gap.contacts, 'customer')}: {outcomes}"
    yield from (f"    “{example}”" for example in gap.examples)
    if gap.nearest:
        how = "near" if gap.is_near else "far"
        yield f"  nearest article: {gap.nearest} (“{gap.nearest_title}”), {how}: {gap.nearness:.2f}"
    if gap.categories:
        yield "  tickets: " + ", ".join(f"{name} {count}" for name, count in gap.categories.items())
    yield from (f"  an agent in the end: “{words}”" for words in gap.done)


def _proposal(proposal: Proposal) -> Iterator[str]:
    yield f"{proposal.id}  {proposal.kind.replace('_', ' ')}"
    yield f"  {proposal.text}"
    yield from (f"    “{example}”" for example in proposal.examples)
    yield from (f"    {line}" for line in proposal.solution.splitlines())


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


if __name__ == "__main__":
    sys.exit(main())
