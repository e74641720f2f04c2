import psutil
import pytest

from ops import desk_alone
from ops.processes import NotReady


@pytest.mark.slow
def test_nothing_is_left_running_when_the_program_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_alone, "_PROGRAMS", {"escalation": "no_such_program"})
    ours = psutil.Process()
    before = {child.pid for child in ours.children(recursive=True)}

    with pytest.raises(NotReady, match="no_such_program"), desk_alone.running():
        pass

    assert {child.pid for child in ours.children(recursive=True)} - before == set()
