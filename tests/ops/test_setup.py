import sys
from pathlib import Path

import pytest

from ops import setup
from ops.setup import Environment, SetupFailed

pytestmark = pytest.mark.slow


def environment(folder: Path, lock: str = "", disk_gb: float = 0.1) -> Environment:
    (folder / "lock").write_text(lock)
    return Environment("firstline", folder / "venv", [folder / "lock"], lambda: sys.executable, disk_gb)


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    made = environment(tmp_path)

    made.make()

    assert made.error is None
    assert environment(tmp_path).is_current()
    assert not environment(tmp_path, lock="# a new package\n").is_current()


def test_a_link_is_not_remade_and_what_it_points_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    linked = environment(tmp_path)
    linked.folder.symlink_to(elsewhere)

    linked.make()

    assert linked.error is not None
    assert "is a link" in linked.error
    assert (elsewhere / "kept").exists()


def test_a_failed_download_is_told_and_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    broken = environment(tmp_path, lock="no-such-package-anywhere @ file:///nowhere/none.whl\n")

    broken.make()

    assert broken.error is not None
    assert "pip install failed" in broken.error
    assert not broken.is_current()


def test_every_reason_is_told(tmp_path: Path) -> None:
    broken = environment(tmp_path, lock="no-such-package-anywhere @ file:///nowhere/none.whl\n")

    with pytest.raises(SetupFailed, match=r"venv: .*pip install failed"):
        setup.set_up([broken])


def test_without_python_3_10_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    with pytest.raises(SetupFailed, match=r"pyenv install 3\.10"):
        setup.find_rasa_python()


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    with pytest.raises(SetupFailed):
        setup.find_rasa_python()


def test_too_little_disk_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    wanting = environment(tmp_path, disk_gb=1e9)

    wanting.make()

    assert wanting.error is not None
    assert "GB are free" in wanting.error
    assert not wanting.folder.exists()
