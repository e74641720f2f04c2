"""A picture encoded anew: only what can be seen is kept, so no place, camera or owner, and nothing hidden in it."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000  # today's telephones make up to 48 million; decoded that is 150 MB
LONGEST_EDGE_PX = 2560  # the print on a router's label can still be read
THUMBNAIL_PX = 320
JPEG_QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


class NotAPicture(Exception):
    """It cannot be decoded, or would be too large once decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: Literal["image/jpeg", "image/png"]
    content: bytes
    thumbnail: bytes  # JPEG


def encoded_anew(content: bytes) -> Picture:
    """Turned as the camera was held, at most LONGEST_EDGE_PX, the first frame of several. Raises NotAPicture."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture("too many pixels")
            stays_png = opened.format == "PNG"
            opened.draft("RGB", (LONGEST_EDGE_PX, LONGEST_EDGE_PX))  # a large JPEG is decoded smaller at once
            seen = ImageOps.exif_transpose(opened)
            seen.thumbnail((LONGEST_EDGE_PX, LONGEST_EDGE_PX))
            picture = seen.convert("RGBA" if stays_png and seen.has_transparency_data else "RGB")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:  # what Pillow raises for a file that is damaged or made to do damage
        raise NotAPicture(type(error).__name__) from error
    picture.info.clear()
    small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    content = _written(picture, "PNG") if stays_png else _written(picture, "JPEG")
    return Picture("image/png" if stays_png else "image/jpeg", content, _written(small, "JPEG"))


def _written(picture: Image.Image, form: Literal["JPEG", "PNG"]) -> bytes:
    out = BytesIO()
    more = {"quality": JPEG_QUALITY} if form == "JPEG" else {}
    picture.save(out, form, optimize=True, **more)
    return out.getvalue()
