"""idx files, plain and gzipped, with what lies beside them."""

import gzip
import struct

import numpy as np
import pytest

from ganstudio.data.idx import Idx
from ganstudio.experiment.errors import StudioError

GENERATOR = np.random.default_rng(0)
PIXELS = GENERATOR.integers(0, 256, (30, 28, 20), dtype=np.uint8)


def idx(array, code=8):
    head = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write(path, array, code=8):
    path.write_bytes(gzip.compress(idx(array, code)) if path.suffix == ".gz" else idx(array, code))
    return path


def load(path, **params):
    return Idx(Idx.Config(path=str(path), **params)).load()


def refused(path, match):
    with pytest.raises(StudioError, match=match) as error:
        load(path)
    assert error.value.field == str(path)


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "anything.idx"])
def test_images_are_read_exactly(tmp_path, name):
    data = load(write(tmp_path / name, PIXELS))
    assert np.array_equal(data.images[..., 0].numpy(), PIXELS)
    assert data.labels is None
    assert data.held_out is None


def test_gzip_is_known_by_its_content_and_not_its_name(tmp_path):
    (tmp_path / "images-idx3").write_bytes(gzip.compress(idx(PIXELS)))
    assert np.array_equal(load(tmp_path / "images-idx3").images[..., 0].numpy(), PIXELS)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_labels_and_test_images_beside_are_found(tmp_path, suffix):
    path = write(tmp_path / "train-images-idx3-ubyte.gz", PIXELS)
    write(tmp_path / f"train-labels-idx1-ubyte{suffix}", (np.arange(30) % 5).astype(np.uint8))
    write(tmp_path / f"t10k-images-idx3-ubyte{suffix}", PIXELS[:7])
    data = load(path, size=32)
    assert data.shape == (1, 32, 32)
    assert data.labels.tolist() == [label % 5 for label in range(30)]
    assert data.classes == list("01234")
    assert data.held_out.shape == (7, 32, 32, 1)


def test_labels_of_another_number_are_left_out_and_told(tmp_path):
    path = write(tmp_path / "images-idx3", PIXELS)
    write(tmp_path / "labels-idx1", np.arange(29, dtype=np.uint8))
    data = load(path)
    assert data.labels is None
    assert any("labels-idx1 does not give each image one class" in note for note in data.notes)


@pytest.mark.parametrize(
    ("array", "code"),
    [
        (PIXELS[..., None].repeat(3, -1), 8),
        (PIXELS[:, None].repeat(3, 1), 8),
        ((PIXELS / 255).astype(np.float32), 0x0D),
        ((PIXELS / 127.5 - 1).astype(np.float64), 0x0E),
        (PIXELS.astype(np.int16), 0x0B),
        (PIXELS.astype(np.int32) * 257, 0x0C),
    ],
)
def test_other_shapes_and_types_are_read(tmp_path, array, code):
    data = load(write(tmp_path / "a.idx", array, code))
    assert np.array_equal(data.images[..., 0].numpy(), PIXELS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"\0\0\7\3" + bytes(100),
        b"\1\0\x08\3" + bytes(100),
        b"\0\0\x08\0" + bytes(9),
        b"PK\3\4" + bytes(99),
    ],
)
def test_a_wrong_beginning_is_refused(tmp_path, content):
    (tmp_path / "a.idx").write_bytes(content)
    refused(tmp_path / "a.idx", "is not an idx file")


@pytest.mark.parametrize("share", [0.0005, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_named(tmp_path, share):
    content = idx(PIXELS)
    (tmp_path / "a.idx").write_bytes(content[: max(6, int(len(content) * share))])
    refused(tmp_path / "a.idx", "ends too soon")
    packed = gzip.compress(content)
    (tmp_path / "a.idx.gz").write_bytes(packed[: int(len(packed) * share) + 6])
    refused(tmp_path / "a.idx.gz", "cut off")


def test_damaged_gzip_is_named(tmp_path):
    content = bytearray(gzip.compress(idx(PIXELS), compresslevel=0))
    content[len(content) // 2] ^= 255  # a pixel, so that only the checksum can tell
    (tmp_path / "a.gz").write_bytes(content)
    refused(tmp_path / "a.gz", "cut off or damaged")


def test_absurd_sizes_and_bombs_are_refused_before_memory_is_taken(tmp_path):
    head = b"\0\0\x08\3" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1)
    (tmp_path / "a.idx").write_bytes(head)
    refused(tmp_path / "a.idx", "of memory")
    (tmp_path / "a.gz").write_bytes(gzip.compress(head + bytes(10**6)))
    refused(tmp_path / "a.gz", "of memory")


def test_empty_and_shapeless_arrays_are_refused(tmp_path):
    refused(write(tmp_path / "a.idx", np.zeros((0, 28, 28), np.uint8)), "holds no images")
    refused(write(tmp_path / "labels-idx1", np.zeros(10, np.uint8)), "shape 10")


def test_a_folder_and_nothing_are_refused(tmp_path):
    refused(tmp_path, "this is a folder")
    with pytest.raises(StudioError, match="there is no such file"):
        load(tmp_path / "missing-idx3")


def test_the_key_changes_with_the_labels(tmp_path):
    path = write(tmp_path / "images-idx3", PIXELS)
    source = Idx(Idx.Config(path=str(path)))
    first = source.cache_key()
    write(tmp_path / "labels-idx1", np.zeros(30, np.uint8))
    assert source.cache_key() != first
