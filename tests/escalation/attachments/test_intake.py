"""A file is what is in it; pictures lose everything that cannot be seen; what could do harm is refused."""

import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from escalation.attachments.file_kind import kind_of, name_for
from escalation.attachments.intake import Intake
from escalation.attachments.picture import LONGEST_EDGE_PX, NotAPicture, encoded_anew
from escalation.attachments.scan import Command, NoScanner
from escalation.errors import EscalationError, NotSafe, NotScanned, NotTaken, TooLarge
from tests.escalation.attachments.files import HTML, PDF, ZIP, bomb, photo, photo_with_place

INTAKE = Intake(NoScanner(), most_mb=1, most=5)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo("JPEG"), "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (photo("GIF"), None),
        (HTML, None),
        (ZIP, None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
    ids=["jpeg", "png", "webp", "pdf", "gif", "html", "zip", "svg", "empty"],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_where_and_with_what_a_photo_was_taken_is_gone_and_it_stands_upright() -> None:
    picture = encoded_anew(photo_with_place(orientation=6))

    with Image.open(BytesIO(picture.content)) as seen:
        assert dict(seen.getexif()) == {}
        assert seen.size == (480, 640)
    assert b"SecretPhone" not in picture.content


def test_a_huge_photo_becomes_as_large_as_a_person_can_use() -> None:
    picture = encoded_anew(photo(size=(5000, 3000)))

    with Image.open(BytesIO(picture.content)) as seen:
        assert max(seen.size) == LONGEST_EDGE_PX


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        assert b"<script>" not in encoded_anew(photo(form) + HTML).content


@pytest.mark.parametrize("content", [bomb(), bomb(10_000, 9_500), photo()[:200], photo("PNG")[:60]])
def test_a_bomb_and_a_damaged_picture_are_no_pictures(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        encoded_anew(content)


@given(st.binary(max_size=400), st.sampled_from([b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]))
def test_any_bytes_are_a_picture_or_refused(tail: bytes, head: bytes) -> None:
    try:
        encoded_anew(head + tail)
    except NotAPicture:
        return


@given(st.text(max_size=300))
def test_a_name_is_harmless_and_has_the_ending_of_its_kind(given_name: str) -> None:
    name = name_for(given_name, "image/jpeg")

    assert name.endswith(".jpg")
    assert 4 < len(name) <= 84
    assert not set(name) & set('/\\<>:"|?*\r\n\0\u202e')


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\router.png", "router.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.jpg"),
        ("..", "file.jpg"),
    ],
)
def test_names_of_strangers(given_name: str, kept: str) -> None:
    assert name_for(given_name, "image/jpeg") == kept


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"x" * (1024 * 1024 + 1), TooLarge), (HTML, NotTaken), (b"", NotTaken), (bomb(), NotSafe)],
    ids=["large", "html", "empty", "bomb"],
)
async def test_what_is_not_taken_is_said(content: bytes, refusal: type[EscalationError]) -> None:
    with pytest.raises(refusal):
        await INTAKE.clean("router.jpg", content)


@pytest.fixture
def scanner(tmp_path: Path) -> Callable[[str], Command]:
    """A command of the operator's, which does what the script says."""

    def of(script: str) -> Command:
        file = tmp_path / "scan"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return Command(str(file), timeout_s=1.0)

    return of


async def test_the_scanner_reads_the_file_and_its_exit_code_is_the_verdict(scanner: Callable[[str], Command]) -> None:
    intake = Intake(scanner('case "$(cat)" in *EICAR*) exit 1;; *) exit 0;; esac'), most_mb=1, most=5)

    assert (await intake.clean("a.pdf", PDF)).content == PDF
    with pytest.raises(NotSafe):
        await intake.clean("a.pdf", PDF + b"EICAR")


@pytest.mark.parametrize("script", ["exit 2", "exit 127", "exec sleep 30", "kill -9 $$"])
async def test_a_scanner_that_says_nothing_lets_nothing_pass(scanner: Callable[[str], Command], script: str) -> None:
    with pytest.raises(NotScanned):
        await Intake(scanner(script), most_mb=1, most=5).clean("a.pdf", PDF)


async def test_a_scanner_that_is_not_there_lets_nothing_pass() -> None:
    with pytest.raises(NotScanned):
        await Intake(Command("/nowhere/scan"), most_mb=1, most=5).clean("a.pdf", PDF)


async def test_a_scanner_that_does_not_read_to_the_end_is_heard(scanner: Callable[[str], Command]) -> None:
    kept = await Intake(scanner("exit 0"), most_mb=1, most=5).clean("a.pdf", PDF + b"\n" * 900_000)

    assert len(kept.content) > 900_000
