"""The picture in ARCHITECTURE.md is true: who may import whom, held as data."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("actions", "bot", "chat", "console", "escalation", "ivr", "knowledge", "ops", "outbound", "subscriber")

# What a folder may import of the others, besides itself and the ground. Doors are files; programs have none.
DOORS = {
    "bot": {"bot.client"},
    "escalation": {"escalation.client"},
    "knowledge": {"knowledge.answer", "knowledge.client"},
    "outbound": {"outbound.client"},
    "subscriber": {"subscriber.client"},
}
MAY_USE = {
    "actions": {"escalation.client", "knowledge.answer", "outbound.client", "subscriber.client"},
    "bot": set(),
    "chat": {"bot.client", "escalation.client", "outbound.client"},
    "console": {"escalation.client", "knowledge.client"},
    "escalation": {"outbound.client"},
    "ivr": {"bot.client", "escalation.client", "knowledge.client", "outbound.client"},
    "knowledge": set(),
    "ops": set(),
    "outbound": set(),
    "subscriber": set(),
}
# Programs that learn from another folder, which nothing else of their folder may do.
MAY_USE_BESIDES = {"knowledge/learn.py": {"escalation.client"}}
MOUNTS = {
    "web.py": {"chat.app", "console.app", "escalation.app", "ivr.app", "ops"},
    "inner.py": {"actions.app", "knowledge.app"},
}
GROUND = (
    *("settings.py", "background.py", "bounded.py", "logs.py", "metrics.py", "personal_data.py", "secret_values.py"),
    *("signed_token.py", "tracing.py", "traffic.py"),
)
# Files of `bot/` that run inside Rasa, on Python 3.10, where `settings` cannot be imported.
INSIDE_RASA = {"rasa"}


@cache
def imports_of(file: Path) -> frozenset[str]:
    """Full names of the modules of ours that a file imports, wherever in it."""
    return frozenset(_imports_of(file))


def _imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module in FOLDERS:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] in FOLDERS)


def files_of(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if "migrations" not in file.parts]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_reaches_others_only_through_their_doors(folder: str) -> None:
    allowed = {
        file: MAY_USE[folder] | MAY_USE_BESIDES.get(str(file.relative_to(ROOT)), set()) for file in files_of(folder)
    }

    strays = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file, doors in allowed.items()
        for name in imports_of(file)
        if name.split(".")[0] != folder and not any(name == door or name.startswith(f"{door}.") for door in doors)
    }

    assert strays == set()


def test_what_may_be_used_are_doors() -> None:
    doors = set().union(*DOORS.values())

    assert set().union(*MAY_USE.values(), *MAY_USE_BESIDES.values()) <= doors


@pytest.mark.parametrize("program", MAY_USE_BESIDES)
def test_nothing_imports_a_program_that_reaches_further(program: str) -> None:
    name = program.removesuffix(".py").replace("/", ".")
    everything = [file for folder in FOLDERS for file in files_of(folder)] + [ROOT / mount for mount in MOUNTS]

    assert {str(file) for file in everything if name in imports_of(file)} == set()


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_mount_imports_the_programs_it_mounts_and_nothing_else(mount: str) -> None:
    used = {".".join(name.split(".")[:2]) for name in imports_of(ROOT / mount)}

    ops = {file.relative_to(ROOT / "ops").parts[0].removesuffix(".py") for file in files_of("ops")}
    assert used <= MOUNTS[mount] | {f"ops.{name}" for name in ops}


def test_nothing_imports_the_demo_operator() -> None:
    users = {
        str(file.relative_to(ROOT))
        for folder in FOLDERS
        for file in files_of(folder)
        if "demo" not in file.parts and any(name.startswith("subscriber.demo") for name in imports_of(file))
    }

    assert users == set()


@pytest.mark.parametrize("ground", GROUND)
def test_the_ground_imports_nothing_of_ours(ground: str) -> None:
    assert imports_of(ROOT / ground) == set()


def test_only_one_file_knows_the_embedding_library() -> None:
    users = {
        file.name for folder in FOLDERS for file in files_of(folder) if "sentence_transformers" in file.read_text()
    }

    assert users == {"encoder.py"}


def test_only_one_file_writes_twiml() -> None:
    users = {file.name for folder in FOLDERS for file in files_of(folder) if "twilio.twiml" in file.read_text()}

    assert users == {"voice.py"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_inside_a_folder_run_one_way(folder: str) -> None:
    graph: dict[str, set[str]] = {}
    for file in files_of(folder):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        graph[module] = {name for name in imports_of(file) if name.split(".")[0] == folder and name != module}

    assert circle_in(graph) == []


@pytest.mark.parametrize("door", ["bot.client", "escalation.client", "knowledge.client", "outbound.client"])
def test_a_door_brings_nothing_of_what_is_behind_it(door: str) -> None:
    behind = ("sqlalchemy", "psycopg", "numpy", "scipy", "sklearn", "onnxruntime", "escalation.policy")
    program = f"import sys, {door}; print(*(name for name in {behind} if name in sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle of imports, empty when there is none."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for name in sorted(graph.get(module, ())):
            target = name if name in graph else name.rpartition(".")[0]
            if target in graph and target != module and (circle := walk(target, [*path, module])):
                return circle
        done.add(module)
        return []

    return next((circle for module in sorted(graph) if (circle := walk(module, []))), [])
