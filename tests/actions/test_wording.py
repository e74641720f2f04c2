"""actions.wording: pieces of wording, by the slots they are for."""

from pathlib import Path

import pytest

from actions.wording import Wording

DOMAIN = """
responses:
  phrase_page:
    - text: "the page below"
    - text: "a page I can send you"
      condition: [{type: slot, name: medium, value: ear}, {type: slot, name: language, value: en}]
  utter_page:
    - text: "Look at the page."
"""


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    (tmp_path / "page.yml").write_text(DOMAIN)
    (tmp_path / "slots.yml").write_text("slots: {}\n")
    return Wording.read(tmp_path)


@pytest.mark.parametrize(
    ("medium", "language", "piece"),
    [("ear", "en", "a page I can send you"), ("ear", "de", "the page below"), ("screen", "en", "the page below")],
)
def test_a_piece_that_fits_every_slot_goes_before_the_general_one(
    wording: Wording, medium: str, language: str, piece: str
) -> None:
    assert wording.piece("phrase_page", medium=medium, language=language) == piece


def test_whole_responses_are_not_ours_to_say(wording: Wording) -> None:
    with pytest.raises(KeyError):
        wording.piece("utter_page", medium="screen")
