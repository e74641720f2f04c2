"""Whether a text from a person may be given to the YAML loader at all: nothing in it grows when it is read."""

import yaml

from escalation.policy.reading import LOADER, Fault
from escalation.published.rebase import MARKS

DEEPEST = 32  # lists and mappings inside one another; the files that ship need seven


def harm_in(name: str, text: str) -> Fault | None:
    """What is no YAML is harmless here: the loader tells it."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(MARKS):
            return Fault(name, number, "two changes of the same place: keep one of them, and take the marks out")
    depth = 0
    try:
        for event in yaml.parse(text, LOADER):
            at = event.start_mark.line + 1 if event.start_mark is not None else 1
            if isinstance(event, yaml.AliasEvent):
                return Fault(name, at, "a reference (*name) cannot be used here: write out what it stands for")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                return Fault(name, at, f"lists and mappings inside one another, more than {DEEPEST} levels")
    except yaml.YAMLError:
        return None
    return None
