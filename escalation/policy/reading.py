"""Reads a policy file into its shape; every fault is told with the file and the line."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from escalation.agreements.agreement import AgreementsFile
from escalation.targets import SlaFile

Read = TypeVar("Read")
Place = tuple[int | str, ...]  # path inside the file
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML was built with libyaml


class PolicyError(Exception):
    """A policy file is wrong; the message names the file, the line and what to do. The program must not start."""


def read(file: Path, shape: type[Read]) -> Read:
    try:
        text = file.read_text(encoding="utf-8")
        found = TypeAdapter(shape).validate_python(yaml.load(text, LOADER))  # noqa: S506  # nosec B506  # both are safe
    except FileNotFoundError:
        raise PolicyError(f"{file} is missing") from None
    except yaml.YAMLError as error:
        raise PolicyError(f"{file}: not readable as YAML: {error}") from None
    except ValidationError as error:
        faults = [(fault["loc"], fault["msg"]) for fault in error.errors()]
        raise PolicyError(_told("The policy is not valid", file, faults)) from None
    if isinstance(found, SlaFile | AgreementsFile) and (unclear := list(found.faults())):
        raise PolicyError(_told("The policy is not clear", file, unclear))
    return found


def refuse(file: Path, faults: Iterable[tuple[Place, str]]) -> None:
    """Raises PolicyError when there are any, each with its line."""
    if found := list(faults):
        raise PolicyError(_told("The policy files do not fit together", file, found))


def written(path: Place) -> str:
    return ".".join(str(part) for part in path) or "the file"


def _told(heading: str, file: Path, faults: Iterable[tuple[Place, str]]) -> str:
    node = yaml.compose(file.read_text(encoding="utf-8"), LOADER)
    return "\n".join(
        [f"{heading}:", *(f"  {file.name}:{_line(node, path)}: {written(path)}: {fault}" for path, fault in faults)]
    )


def _line(node: yaml.Node | None, path: Place) -> int:
    """Line of the innermost part of the path that the file has."""
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
