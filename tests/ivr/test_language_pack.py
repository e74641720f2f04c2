"""A language pack that lacks anything is refused at the start, with its file and everything that is missing."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import ivr.app
from ivr import grammar, language, speech, voice
from ivr.language_pack import IncompletePack, check_packs, gaps_in
from ivr.line import Line
from ivr.meaning import Heard, Speak
from ivr.reply import Ask
from settings import Settings
from tests.ivr.spoken_languages import PACKS, speaking
from tests.ivr.test_ivr_voice import call

Pack = dict[str, Any]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Pack, str], Path]:
    def write(pack: Pack, name: str = "de") -> Path:
        file = tmp_path / f"{name}.yml"
        file.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
        return file

    return write


@pytest.fixture
def german() -> Pack:
    pack: Pack = yaml.safe_load((PACKS / "de.yml").read_text(encoding="utf-8"))
    return pack


def _lacks_a_phrase(pack: Pack) -> None:
    del pack["say"]["hold"]


def _has_an_unknown_phrase(pack: Pack) -> None:
    pack["say"]["holt"] = "Bitte warten."


def _fills_in_something_else(pack: Pack) -> None:
    pack["say"]["option"] = "Drücken Sie {taste} für {choice}."


def _lacks_a_command(pack: Pack) -> None:
    del pack["commands"]["chat"]


def _has_no_words_for_a_key(pack: Pack) -> None:
    pack["keys"]["3"] = []


def _leads_nowhere(pack: Pack) -> None:
    pack["menu"]["main"]["options"][0]["opens"] = "stoerung"


def _asks_too_much(pack: Pack) -> None:
    pack["menu"]["main"]["options"] *= 3


def _has_no_menu(pack: Pack) -> None:
    pack["menu"]["anfang"] = pack["menu"].pop("main")


def _is_another(pack: Pack) -> None:
    pack["language"] = "at"


@pytest.mark.parametrize(
    ("spoil", "gaps"),
    [
        (_lacks_a_phrase, ["say.hold: Field required"]),
        (_has_an_unknown_phrase, ["say.holt: Extra inputs are not permitted"]),
        (_fills_in_something_else, ["say.option: fills in {choice}, {taste}, and should {choice}, {key}"]),
        (_lacks_a_command, ["commands.chat: missing"]),
        (_has_no_words_for_a_key, ["keys.3: empty"]),
        (_leads_nowhere, ["menu.main: 'eine Störung' must open a level of the menu or send something"]),
        (_asks_too_much, ["menu.main: 6 options, and 1 to 4 are possible"]),
        (_has_no_menu, ["menu.main: missing"]),
        (_is_another, ["language: 'at' in a file called de.yml", "voice: there is none of ours"]),
    ],
)
def test_what_a_pack_lacks_is_named(
    german: Pack, written: Callable[[Pack], Path], spoil: Callable[[Pack], None], gaps: list[str]
) -> None:
    spoil(german)

    found = gaps_in(written(german))

    assert len(found) == len(gaps)
    assert all(gap.startswith(wanted) for gap, wanted in zip(found, gaps, strict=True)), found


def test_a_language_without_a_voice_of_ours_names_its_own(german: Pack, written: Callable[..., Path]) -> None:
    danish = {**german, "language": "da"}
    with_voice = {**danish, "voice": {"name": "Polly.Sofie-Neural", "language": "da-DK"}}

    assert len(gaps_in(written(danish, "da"))) == 1
    assert gaps_in(written(with_voice, "da")) == []


def test_nothing_starts_with_a_pack_that_lacks_words(settings: Settings, tmp_path: Path) -> None:
    with speaking(tmp_path, "de"):
        (tmp_path / "de.yml").write_text("language: de\n", encoding="utf-8")

        with pytest.raises(IncompletePack, match=re.escape(str(tmp_path / "de.yml")) + ": say: Field required"):
            ivr.app.create_app(settings)


def test_more_languages_than_a_caller_keeps_in_mind_are_refused(tmp_path: Path, german: Pack) -> None:
    with speaking(tmp_path, "de"):
        for other in ("fr", "es", "it"):
            (tmp_path / f"{other}.yml").write_text(yaml.safe_dump({**german, "language": other}), encoding="utf-8")

        with pytest.raises(IncompletePack, match="5 languages"):
            check_packs()


def test_each_language_is_offered_by_its_own_voice_and_the_operators_first(tmp_path: Path) -> None:
    with speaking(tmp_path, "de"):
        asking, question = language.question(call())
        german, _ = language.question(replace(call(), language="de"))
        gather = grammar.parse(voice.document(question, asking, Line()))[0]

    assert [said.attrib["language"] for said in gather] == ["en-GB", "de-DE"]
    assert {said.attrib["voice"] for said in gather} == {speech.VOICES["en"].name, speech.VOICES["de"].name}
    assert gather.attrib["hints"].startswith("English, Deutsch")
    assert german.prompt.choices == ("Deutsch", "English")


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        (Heard(keys="2"), "de"),
        (Heard(keys="3"), None),
        (Heard(keys="#"), None),
        (Heard(speech="English please."), "en"),
        (Heard(speech="Auf Deutsch, bitte", confidence=0.9), "de"),
        (Heard(speech="die zwei"), "de"),
        (Heard(speech="number one"), "en"),
        (Heard(speech="Deutsch", confidence=0.1), None),
        (Heard(speech="I need help with my German bill"), None),
    ],
)
def test_a_language_is_chosen_by_key_or_by_name(tmp_path: Path, heard: Heard, meant: str | None) -> None:
    with speaking(tmp_path, "de"):
        assert language.chosen(heard, "en") == (Speak(meant) if meant else None)


def test_the_recogniser_and_the_voice_follow_the_choice(tmp_path: Path) -> None:
    with speaking(tmp_path, "de"):
        chosen = replace(call(), language="de", chose_language=True, transport="relay")
        over_socket = grammar.parse(voice.document(Ask("Was geht nicht?"), chosen, Line()))[0][0]
        by_webhook = grammar.parse(voice.document(Ask("Was geht nicht?"), replace(chosen, transport="gather"), Line()))

    assert by_webhook[0].attrib["language"] == over_socket.attrib["language"] == "de-DE"
    assert "störung" in by_webhook[0].attrib["hints"]
    assert "transcriptionLanguage" not in over_socket.attrib
    assert over_socket.find("Language") is None
