"""`python -m knowledge.build`: checks articles and flows, makes the index that answers from them, and lets it go live.

Before it goes live it is compared with the index that is live now: see `knowledge.gate`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import settings as all_settings
from knowledge.calibrate import Measured
from knowledge.draft import ARTICLES, make_draft
from knowledge.gate import Override, Refused, Show, pass_gate
from knowledge.library import Library, read_library
from knowledge.source import Broken
from knowledge.stopping import stopped_in_order
from knowledge.store import Store

REFUSED = 3  # exit code


@stopped_in_order()
def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only check the articles and flows")
    parser.add_argument("--again", action="store_true", help="build even when nothing changed")
    parser.add_argument("--train", action="store_true", help="teach the model these articles' questions (minutes)")
    parser.add_argument("--untrained", action="store_true", help="go back to the model as it comes")
    parser.add_argument("--articles", type=Path, default=ARTICLES, help="the folder of the articles")
    parser.add_argument("--override", metavar="NAME", help="publish although the gate refuses; your name is recorded")
    parser.add_argument("--because", default="", help="the reason, recorded with the name")
    parser.add_argument(
        "--serve-on", action="store_true", help="when the gate refuses, end well: the last index serves"
    )
    options = parser.parse_args(arguments)
    try:
        library = read_library(options.articles)
    except Broken as broken:
        say(str(broken))
        say(f"{len(broken.problems)} problems. Nothing was changed; the last good index serves on.")
        return 1
    say(f"{len(library.articles)} articles and {len(library.flows)} flows are in order.")
    if options.check:
        return 0
    override = Override(options.override, options.because) if options.override else None
    settings = all_settings.load()
    try:
        build(
            settings,
            options.articles,
            library,
            again=options.again or options.train or options.untrained,
            teaching=True if options.train else False if options.untrained else None,
            override=override,
        )
    except Refused as refused:
        say(str(refused))
        return 0 if options.serve_on else REFUSED
    return 0


def build(
    settings: all_settings.Settings,
    articles: Path = ARTICLES,
    library: Library | None = None,
    *,
    again: bool = False,
    light: bool = True,
    teaching: bool | None = None,
    override: Override | None = None,
    show: Show | None = None,
) -> str:
    """Make the index when something changed, and let it go live. Gives its name. Raises `Broken` and `Refused`.

    Until the gate has said yes, what is live is not touched; an index that does not go live is forgotten.
    `light` also makes the form of the model that serves twice as fast, once for each model. `teaching` teaches the
    model (True), forgets what it was taught (False), or leaves it as it is (None). `show` gets the gate's comparison.
    """
    library = library or read_library(articles)
    store = Store(settings.firstline_state / "knowledge")
    draft = make_draft(settings, store, articles, library, again=again, light=light, teaching=teaching, say=say)
    if draft is None:
        say("Nothing changed: the index is up to date.")
        return store.live_name()
    try:
        _report(draft.measured, settings.knowledge_target_precision)
        pass_gate(store, draft.name, override, say, show=show)
    except BaseException:
        store.drop(draft.name)
        raise
    store.publish(draft.name)
    say(f"Index {draft.name} is live.")
    return draft.name


def _report(measured: Measured, target: float) -> None:
    say(f"Measured on {measured.questions} example questions, each held back, clean and with errors:")
    say(f"  right article first {measured.first:.1%}, among the first three {measured.first_three:.1%}")
    say(f"  answered at once {measured.answered:.1%}, asked back {measured.asked_back:.1%}")
    say(f"  right article among the choices, when asked back {measured.among_choices:.1%}")
    say(f"  off topic: answered {measured.off_topic_answered:.1%}, asked back {measured.off_topic_asked_back:.1%}")
    say(f"  answers that are right {measured.precision:.1%}, at least {measured.precision_at_least:.1%} (90 % sure)")
    if not measured.promised:
        say(f"  Too few example questions to promise {target:.0%}: it answers only where it is surest.")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
