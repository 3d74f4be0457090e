"""Samples that travel arrive to the bit; what is no parcel is refused."""

import io
import struct
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import parcel
from ganstudio.latent.parcel import Parcel

Z = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
IMAGES = np.random.default_rng(1).integers(0, 256, (3, 4, 4, 1), dtype=np.uint8)


@pytest.mark.parametrize("sent", [Parcel(Z, IMAGES), Parcel(Z), Parcel(images=IMAGES)])
def test_a_parcel_arrives_to_the_bit(sent):
    found = Parcel.from_bytes(sent.to_bytes())
    for one, other in ((found.inputs, sent.inputs), (found.images, sent.images)):
        assert (one is None) == (other is None)
        assert one is None or (one.tobytes() == other.tobytes() and one.shape == other.shape)


def packed(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(content: bytes, name: str = "inputs.npy", kind: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def crafted(header: str) -> bytes:
    """A parcel whose inputs have this header."""
    return zipped(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(64))


def shaped(shape: str, kind: str = "'<f4'") -> bytes:
    return crafted(f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}}}")


def marked(data: bytes, at: int, value: int) -> bytes:
    """With another method, or flags, in both places where a zip file says them."""
    found = bytearray(data)
    for signature, further in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        struct.pack_into("<H", found, found.index(signature) + at + further, value)
    return bytes(found)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged"),
        (b"no npz", "damaged"),
        (Parcel(Z).to_bytes()[:-30], "damaged"),
        (packed(inputs=np.array([[{}]], object)), "damaged"),
        (npy(Z), "damaged"),
        (flipped(Parcel(Z).to_bytes(), 200), "damaged"),
        (flipped(zipped(npy(Z), kind=zipfile.ZIP_DEFLATED), 60), "damaged"),
        (marked(Parcel(Z).to_bytes(), 8, 99), "damaged"),
        (marked(Parcel(Z).to_bytes(), 6, 1), "damaged"),
        (zipped(npy(Z)[:-1]), "damaged"),
        (zipped(b""), "damaged"),
        (zipped(b"\x93NUMPY\x09\x00"), "damaged"),
        (crafted("{[]: 1}"), "damaged"),
        (crafted("{'descr': ("), "damaged"),
        (crafted("  {}\n {}"), "damaged"),
        (crafted("(" * 5000), "damaged"),
        (shaped("(True, 4)"), "damaged"),
        (shaped("(-1, 4)"), "damaged"),
        (shaped("(10**6, 4)"), "damaged"),
        (shaped("(3999999999999, 1)"), "damaged"),
        (shaped(f"({10**30}, 4)"), "damaged"),
        (shaped(f"(0, {10**30})"), "damaged"),
        (shaped("(3, 4)", "'<f4,'"), "damaged|rows of finite"),
        (shaped("(3, 4)", "'|V0'"), "damaged|rows of finite"),
        (packed(inputs=Z[0]), "rows of finite"),
        (packed(inputs=Z[:, :0]), "rows of finite"),
        (packed(inputs=Z.astype(np.float64)), "rows of finite"),
        (packed(inputs=Z * np.nan), "rows of finite"),
        (packed(images=IMAGES[0]), "bytes"),
        (packed(images=IMAGES[:, :0]), "bytes"),
        (packed(images=IMAGES[:, :, :0]), "bytes"),
        (packed(inputs=Z[:2], images=IMAGES), "not as many"),
        (packed(inputs=Z[:0]), "none"),
        (packed(), "none"),
        (packed(inputs=Z, classes=np.arange(3)), "hold 'classes', which this version of GAN Studio does not know"),
    ],
    ids=lambda part: part if isinstance(part, str) else f"{len(part)} bytes",  # an archive's own bytes hold the time
)
def test_what_is_no_parcel_is_refused(data, words):
    with pytest.raises(StudioError, match=words):
        Parcel.from_bytes(data)


def test_any_flipped_byte_is_a_parcel_or_a_sentence():
    whole = Parcel(Z, IMAGES).to_bytes()
    for at in range(0, len(whole), 3):
        with suppress(StudioError):
            Parcel.from_bytes(flipped(whole, at))


def test_a_small_parcel_that_would_grow_is_not_unpacked(monkeypatch):
    unpacked = []
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *parts: unpacked.append(parts))
    bomb = zipped(bytes(80 << 20), "images.npy", zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1 << 20
    with pytest.raises(StudioError, match="damaged"):
        Parcel.from_bytes(bomb)
    monkeypatch.setattr(parcel, "MOST_BYTES", 600)
    claims = bytearray(Parcel(Z).to_bytes())
    struct.pack_into("<LL", claims, claims.index(b"PK\x01\x02") + 20, 5000, 5000)
    with pytest.raises(StudioError, match="too many"):
        Parcel.from_bytes(bytes(claims))
    assert not unpacked


def test_an_array_in_columns_arrives_in_rows():
    found = Parcel.from_bytes(packed(inputs=np.asfortranarray(Z)))
    assert found.inputs.tobytes() == Z.tobytes()
    found.inputs[0] = 1
