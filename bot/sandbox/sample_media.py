"""A picture and a sticker for visitors to send, drawn here so that no files need to be shipped."""

import struct
import zlib

_WIDTH, _HEIGHT = 240, 150
_SKY_TOP, _SKY_LOW, _HILL, _SUN = (86, 140, 214), (244, 214, 178), (58, 92, 84), (255, 240, 196)

SAMPLE_STICKER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">'
    b'<circle cx="60" cy="60" r="54" fill="#ffd166" stroke="#e0a526" stroke-width="4"/>'
    b'<circle cx="42" cy="50" r="7" fill="#3d2c0b"/><circle cx="78" cy="50" r="7" fill="#3d2c0b"/>'
    b'<path d="M36 72q24 26 48 0" fill="none" stroke="#3d2c0b" stroke-width="7" stroke-linecap="round"/></svg>'
)


def _pixel(x: int, y: int) -> tuple[int, int, int]:
    ridge = 105 + (x - 120) ** 2 // 500
    if y > ridge:
        return _HILL
    if (x - 170) ** 2 + (y - 52) ** 2 < 22**2:
        return _SUN
    share = y / _HEIGHT
    red, green, blue = (round(top + (low - top) * share) for top, low in zip(_SKY_TOP, _SKY_LOW, strict=True))
    return red, green, blue


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png() -> bytes:
    rows = (b"\x00" + b"".join(bytes(_pixel(x, y)) for x in range(_WIDTH)) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    picture = _chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + picture + _chunk(b"IEND", b"")


SAMPLE_PHOTO = _png()
