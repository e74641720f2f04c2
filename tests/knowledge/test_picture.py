"""The reliability plot."""

from pathlib import Path

import pytest

from knowledge.picture import draw_reliability


@pytest.mark.parametrize("bands", [[], [(0.35, 0.3, 12), (0.95, 0.97, 300)]])
def test_a_picture_is_written(tmp_path: Path, bands: list[tuple[float, float, int]]) -> None:
    draw_reliability(bands, tmp_path / "reliability.png")

    assert (tmp_path / "reliability.png").read_bytes().startswith(b"\x89PNG\r\n")
