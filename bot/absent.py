"""Stands in for TensorFlow, which Rasa imports for components that this assistant does not have.

Importing it takes more than half of the time of importing Rasa and two thirds of the memory, and its version is past
its support. Rasa's own modules derive classes from it, use its decorators and name its types while they are imported:
that goes, and nothing else. Import this module before anything of Rasa.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Optional, Sequence

NAMES = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")


class _Named(type):
    """Whatever is looked up in a placeholder is one too; so is a type made of it."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder

    def __getitem__(cls, _: Any) -> Any:
        return cls


class Placeholder(metaclass=_Named):
    """A class to derive from, or a decorator that leaves its function alone. Raises `RuntimeError` at any other use."""

    def __new__(cls, *given: Any, **_: Any) -> Any:
        if cls is Placeholder and len(given) == 1 and callable(given[0]):
            return given[0]
        raise RuntimeError("TensorFlow is not here: no component that needs it can be in config.yml")


class _Absent(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]] = None,  # noqa: ARG002  (Python's signature)
        target: Optional[ModuleType] = None,  # noqa: ARG002
    ) -> Optional[ModuleSpec]:
        known = fullname.partition(".")[0] in NAMES
        return ModuleSpec(fullname, self, is_package=True) if known else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


sys.meta_path.insert(0, _Finder())
