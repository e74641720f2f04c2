import os
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from ops import credentials, preflight


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(preflight.CannotStart, match=rf"Port {port} .*FIRSTLINE_PORT="):
            preflight.check_port("127.0.0.1", port)


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10, 10, 1_000_000))

    with pytest.raises(preflight.CannotStart, match=r"0\.00 GB free"):
        preflight.check_disk(tmp_path)


def test_too_little_memory_is_refused(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       4000000 kB\nMemAvailable:    900000 kB\n")

    with pytest.raises(preflight.CannotStart, match=r"0\.9 GB of memory"):
        preflight.check_memory(meminfo)


def test_a_state_folder_serves_one_firstline(tmp_path: Path) -> None:
    with preflight.claim_state(tmp_path), pytest.raises(preflight.CannotStart, match="already runs"):
        preflight.claim_state(tmp_path)


def test_a_state_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")

    with pytest.raises(preflight.CannotStart, match="cannot be written"):
        preflight.claim_state(tmp_path / "state")


def test_demo_secrets_are_generated_once_for_their_owner_only(tmp_path: Path) -> None:
    first, fresh = credentials.demo_secrets(tmp_path, {})
    second, fresh_again = credentials.demo_secrets(tmp_path, {})

    assert first == second
    assert set(fresh) == set(credentials.DEMO_SECRETS)
    assert fresh_again == []
    assert os.stat(credentials.secrets_file(tmp_path)).st_mode & 0o777 == 0o600


def test_a_given_secret_is_neither_replaced_nor_kept(tmp_path: Path) -> None:
    secrets, fresh = credentials.demo_secrets(tmp_path, {"FIRSTLINE_API_TOKEN": "mine"})

    assert secrets["FIRSTLINE_API_TOKEN"] == "mine"
    assert "FIRSTLINE_API_TOKEN" not in fresh
    assert "mine" not in credentials.secrets_file(tmp_path).read_text()
