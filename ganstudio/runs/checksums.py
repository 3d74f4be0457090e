"""Checksums of what a run's store holds in bulk, metrics and pictures: a bit that a disk has flipped is noticed."""

import zlib

BROKEN = -1
"""In the place of a checksum: of what was cut from something damaged. No content has it."""


def checksum(content: bytes, *place: int | str) -> int:
    """CRC-32 of a content and of where it belongs, so that what has come to another place is noticed too."""
    return zlib.crc32(content, zlib.crc32(" ".join(map(str, place)).encode("utf-8", "surrogatepass")))


def intact(found: object, content: object, *place: object) -> bool:
    """Whether a content is what was written there. One that was saved before there were checksums has None."""
    if not isinstance(content, bytes) or not all(isinstance(part, int | str) for part in place):
        return False
    return found is None or found == checksum(content, *place)  # type: ignore[arg-type]
