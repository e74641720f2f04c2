"""Takes a file in: not too large, of a kind that is taken, past the scanner, and encoded anew where it is a picture."""

import asyncio
from dataclasses import dataclass

from escalation.attachments.attachment_wire import MediaType
from escalation.attachments.file_kind import KEPT_AS, kind_of, name_for
from escalation.attachments.picture import NotAPicture, encoded_anew
from escalation.attachments.scan import NoScanner, Scanner, Verdict
from escalation.errors import NotSafe, NotScanned, NotTaken, TooLarge

AT_ONCE = 2  # a decoded picture takes up to 150 MB

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cleaned:
    """As it is kept."""

    name: str
    media_type: MediaType
    content: bytes
    thumbnail: bytes | None


class Intake:
    """`most`: how many files of a customer a contact may have."""

    def __init__(self, scanner: Scanner, *, most_mb: int, most: int) -> None:
        self.most = most
        self.most_bytes = most_mb * MEGABYTE
        self._scanner = scanner
        self.is_scanned = not isinstance(scanner, NoScanner)
        self._few = asyncio.Semaphore(AT_ONCE)

    async def clean(self, given_name: str, content: bytes) -> Cleaned:
        """Raises TooLarge, NotTaken, NotSafe or NotScanned."""
        if len(content) > self.most_bytes:
            raise TooLarge(f"a file has at most {self.most_bytes // MEGABYTE} MB")
        kind = kind_of(content)
        if kind is None:
            raise NotTaken("only JPEG, PNG and WebP pictures and PDF documents are taken")
        async with self._few:
            await self._scan(content)
            return await asyncio.to_thread(_kept, kind, given_name, content)

    async def _scan(self, content: bytes) -> None:
        verdict: Verdict = await self._scanner.verdict(content)
        if verdict == "refused":
            raise NotSafe("the scanner refused the file")
        if verdict == "unknown":
            raise NotScanned("the file cannot be scanned now")


def _kept(kind: str, given_name: str, content: bytes) -> Cleaned:
    """A PDF stays as it came: it is only ever downloaded, never shown by us."""
    if kind == "application/pdf":
        media_type = KEPT_AS[kind]
        return Cleaned(name_for(given_name, media_type), media_type, content, None)
    try:
        picture = encoded_anew(content)
    except NotAPicture as error:
        raise NotSafe("the picture cannot be read, or has too many pixels") from error
    return Cleaned(name_for(given_name, picture.media_type), picture.media_type, picture.content, picture.thumbnail)
