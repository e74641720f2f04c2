"""Files as customers and strangers send them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
ZIP = b"PK\x03\x04" + b"\0" * 60
GPS_IFD, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def photo(form: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """The lights of a router: green on dark."""
    picture = Image.new("RGB", size, (24, 26, 30))
    for light in range(5):
        x = size[0] * (light + 1) // 6
        picture.paste((40, 200, 90), (x, size[1] // 2, x + size[0] // 40 + 1, size[1] // 2 + size[1] // 40 + 1))
    out = BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """A telephone's photo: it says where it was taken, with what, and that it was held upright."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "SecretPhone", orientation
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif.get_ifd(GPS_IFD)[2] = (51.0, 30.0, 26.0)
    return photo(exif=exif.tobytes())


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that would be gigabytes once decoded."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
