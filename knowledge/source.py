"""A YAML file being read: its values, and the line each of them stands on, for messages an author can act on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import yaml

_FENCE = "---"


class _Loader(yaml.CSafeLoader):
    """Reads `yes`, `no`, `on` and `off` as the words they are: only `true` and `false` are truth values."""

    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]  # PyYAML itself overrides it on each class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something an author must put right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Broken(Exception):
    """A file is not fit to be served. `problems` says why, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Source:
    """The values of one YAML mapping. A wrong value is noted as a problem, and reading goes on with an empty one."""

    def __init__(self, file: Path, text: str, *, first_line: int = 1) -> None:
        self._file = str(file)
        self._first_line = first_line
        self._problems: list[Problem] = []
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._values: Any = self._parse(text)
        if not isinstance(self._values, dict):
            self.problem("expected fields with values")
        self.stop_if_broken()

    def _parse(self, text: str) -> Any:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            self._note_lines(node, ())
            return loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self._problems.append(
                Problem(self._file, self._first_line + line, f"not readable as YAML: {error.problem}")
            )
            return {}
        except (yaml.YAMLError, ValueError) as error:
            self._problems.append(Problem(self._file, self._first_line, f"not readable as YAML: {error}"))
            return {}
        finally:
            loader.dispose()

    def _note_lines(self, node: yaml.Node, path: tuple[str | int, ...]) -> None:
        self._lines.setdefault(path, node.start_mark.line)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                place = (*path, key.value)
                if place in self._lines:
                    self._problems.append(
                        Problem(self._file, self._first_line + key.start_mark.line, f"{key.value!r} is there twice")
                    )
                self._lines[place] = key.start_mark.line
                self._note_lines(value, place)
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                self._note_lines(value, (*path, position))

    def problem(self, message: str, *path: str | int) -> None:
        """Note what is wrong at that place; a place that is not there counts as the nearest one around it."""
        while path and path not in self._lines:
            path = path[:-1]
        self._problems.append(Problem(self._file, self._first_line + self._lines.get(path, 0), message))

    def stop_if_broken(self) -> None:
        if self._problems:
            raise Broken(self._problems)

    def value(self, *path: str | int) -> Any:
        """What stands there, None when nothing does."""
        here = self._values
        for part in path:
            if isinstance(here, dict):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def has(self, *path: str | int) -> bool:
        return self.value(*path) is not None

    def fields(self, *path: str | int, required: Sequence[str] = (), optional: Sequence[str] = ()) -> None:
        """The mapping at that place has these fields and no others."""
        mapping = self.value(*path)
        if not isinstance(mapping, dict):
            self.problem("expected fields with values", *path)
            return
        for name in required:
            if mapping.get(name) is None:
                self.problem(f"{name!r} is missing", *path)
        for name in mapping:
            if name not in required and name not in optional:
                self.problem(f"{name!r} is not a field; known are {', '.join((*required, *optional))}", *path, name)

    def text(self, *path: str | int) -> str:
        value = self.value(*path)
        if isinstance(value, bool) or not isinstance(value, str | int | float) or not str(value).strip():
            self.problem(f"{_name(path)} must be a text", *path)
            return ""
        return str(value).strip()

    def texts(self, *path: str | int) -> tuple[str, ...]:
        value = self.value(*path)
        if not isinstance(value, list):
            self.problem(f"{_name(path)} must be a list of texts", *path)
            return ()
        return tuple(self.text(*path, position) for position in range(len(value)))

    def day(self, *path: str | int) -> date | None:
        value = self.value(*path)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problem(f"{_name(path)} must be a day, such as 2026-11-01", *path)
            return None
        return value

    def one_of(self, allowed: Sequence[str], *path: str | int, default: str | None = None) -> str:
        value = self.value(*path)
        if value is None and default is not None:
            return default
        if value not in allowed:
            self.problem(f"{_name(path)} is {value!r}; known are {', '.join(allowed)}", *path)
            return allowed[0]
        return str(value)

    def flag(self, *path: str | int) -> bool:
        value = self.value(*path)
        if value is not None and not isinstance(value, bool):
            self.problem(f"{_name(path)} must be true or false", *path)
        return value is True


def _name(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def read_front_matter(file: Path) -> tuple[Source, str]:
    """The fields between the two `---` lines, and the text below them. Raises `Broken`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != _FENCE:
        raise Broken([Problem(str(file), 1, "the first line must be ---")])
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == _FENCE), None)
    if end is None:
        raise Broken([Problem(str(file), len(lines), "the --- that ends the front matter is missing")])
    return Source(file, "\n".join(lines[1:end]), first_line=2), "\n".join(lines[end + 1 :])
