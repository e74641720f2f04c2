"""Reads the text of a policy file into its shape; every fault is told with the file and the line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from escalation.agreements.agreement import AgreementsFile
from escalation.policy_files import Misfit, Place
from escalation.targets import SlaFile

Read = TypeVar("Read")
Texts = Mapping[str, str]  # by the file's name
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML was built with libyaml
_WORDS = {  # by pydantic's name of a fault
    "extra_forbidden": "this is not known here",
    "missing": "this is needed",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "float_type": "a number is needed",
    "float_parsing": "a number is needed",
    "string_type": "a text is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "time_delta_type": "a time is written like 90s, 15m, 4h, 8h30m or 2d",
    "list_type": "a list is needed",
    "tuple_type": "a list is needed",
    "frozen_set_type": "a list is needed",
    "dict_type": "names with values are needed",
    "mapping_type": "names with values are needed",
    "model_type": "names with values are needed",
}


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    line: int | None  # None: of a file that is not there
    words: str  # what is wrong, with the place inside the file

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}" if self.line is not None else f"{self.file} {self.words}"


class PolicyError(Exception):
    """A policy file is wrong; the message names the file, the line and what to do. The program must not start."""

    def __init__(self, heading: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([f"{heading}:", *(f"  {fault}" for fault in self.faults)]))


def texts_in(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Raises PolicyError for a file that is missing."""
    absent = [Fault(str(folder / name), None, "is missing") for name in names if not (folder / name).exists()]
    if absent:
        raise PolicyError("The policy is not complete", absent)
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def read(texts: Texts, name: str, shape: type[Read]) -> Read:
    text = texts[name]
    try:
        found = TypeAdapter(shape).validate_python(yaml.load(text, LOADER))  # noqa: S506  # nosec B506  # both are safe
    except yaml.YAMLError as error:
        raise PolicyError("The policy is not valid", [Fault(name, *_unreadable(error))]) from None
    except ValidationError as error:
        faults = [(fault["loc"], _plain(fault["type"], fault["msg"])) for fault in error.errors()]
        raise PolicyError("The policy is not valid", _located(name, text, faults)) from None
    if isinstance(found, SlaFile | AgreementsFile) and (unclear := list(found.faults())):
        raise PolicyError("The policy is not clear", _located(name, text, unclear))
    return found


def refuse(texts: Texts, faults: Iterable[Misfit]) -> None:
    """Raises PolicyError when there are any, each with its line."""
    if found := list(faults):
        lines = {name: Lines(texts[name]) for name in {name for name, _, _ in found}}
        told = [Fault(name, lines[name].of(place), words) for name, place, words in found]
        raise PolicyError("The policy files do not fit together", told)


def written(path: Place) -> str:
    return ".".join(str(part) for part in path) or "the file"


def with_place(name: str, faults: Iterable[tuple[Place, str]]) -> Iterator[Misfit]:
    """Faults of one file as `refuse` takes them, whose words begin with where they are."""
    for path, words in faults:
        yield name, path, f"{written(path)}: {words}"


def _plain(kind: str, message: str) -> str:
    return _WORDS.get(kind) or message.removeprefix("Value error, ")


def _unreadable(error: yaml.YAMLError) -> tuple[int, str]:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    return mark.line + 1 if mark is not None else 1, f"not readable as YAML: {problem or error}"


def _located(name: str, text: str, faults: Iterable[tuple[Place, str]]) -> list[Fault]:
    lines = Lines(text)
    return [Fault(name, lines.of(path), f"{written(path)}: {words}") for path, words in faults]


class Lines:
    """Where in a YAML text its parts stand."""

    def __init__(self, text: str) -> None:
        self._node = yaml.compose(text, LOADER)

    def of(self, path: Place) -> int:
        """Line of the innermost part of the path that the text has."""
        node = self._node
        line = node.start_mark.line + 1 if node is not None else 1
        for part in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if str(key.value) == str(part)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                return line
            if node is None:
                return line
            line = node.start_mark.line + 1
        return line
