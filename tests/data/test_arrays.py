"""NumPy files: every layout and type of pixel, labels, and files that are not to be trusted."""

import io
import os
import struct
import zipfile

import numpy as np
import pytest
import torch

from ganstudio.data import memory
from ganstudio.data.arrays import Array
from ganstudio.data.dataset import Cancelled
from ganstudio.experiment.errors import StudioError

GENERATOR = np.random.default_rng(0)
PIXELS = GENERATOR.integers(0, 256, (20, 16, 12, 3), dtype=np.uint8)
GREY = PIXELS[..., 0]


def load(path, **params):
    return Array(Array.Config(path=str(path), **params)).load()


def saved(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    return tmp_path / "a.npy"


def refused(path, match, **params):
    with pytest.raises(StudioError, match=match) as error:
        load(path, **params)
    assert error.value.field == str(path)
    return error.value


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (GREY, GREY[..., None]),
        (PIXELS, PIXELS),
        (PIXELS[..., :1], PIXELS[..., :1]),
        (PIXELS.transpose(0, 3, 1, 2), PIXELS),
        (PIXELS[..., :1].transpose(0, 3, 1, 2), PIXELS[..., :1]),
        (np.asfortranarray(PIXELS), PIXELS),
    ],
)
def test_every_layout_gives_the_same_images(tmp_path, array, expected):
    data = load(saved(tmp_path, array))
    assert np.array_equal(data.images.numpy(), expected)
    assert data.images.is_contiguous()
    assert data.notes == []


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (GREY > 127, np.where(GREY > 127, 255, 0)),
        (GREY.astype(np.uint16) * 257, GREY),
        ((GREY.astype(np.uint16) * 257).astype(">u2"), GREY),
        (GREY.astype(np.int64), GREY),
        (GREY.astype(np.float32) / 255, GREY),
        (GREY.astype(np.float64) / 127.5 - 1, GREY),
        (GREY.astype(np.float16) / 255, GREY),
        (GREY.astype(">f4") / 255, GREY),
    ],
)
def test_every_type_of_pixel_is_scaled_to_bytes(tmp_path, array, expected):
    found = load(saved(tmp_path, array)).images[..., 0].numpy()
    assert np.array_equal(found, expected)


def test_16_bits_use_their_whole_range(tmp_path):
    ramp = np.linspace(0, 65535, 256).round().astype(np.uint16).reshape(1, 16, 16)
    assert np.array_equal(load(saved(tmp_path, ramp)).images.flatten().numpy(), np.arange(256))


def test_bytes_kept_in_wider_integers_are_told(tmp_path):
    data = load(saved(tmp_path, GREY.astype(np.int32)))
    assert any("none is above 255" in note for note in data.notes)


@pytest.mark.parametrize("name", ["x_train", "X", "x", "images", "arr_0", "anything"])
def test_the_images_are_found_by_name(tmp_path, name):
    np.savez(tmp_path / "a.npz", **{name: GREY, "other": np.arange(5)})
    assert np.array_equal(load(tmp_path / "a.npz").images[..., 0].numpy(), GREY)


def test_the_key_names_one_of_several(tmp_path):
    np.savez(tmp_path / "a.npz", first=GREY, second=PIXELS)
    assert load(tmp_path / "a.npz", key="second").shape == (3, 16, 12)
    refused(tmp_path / "a.npz", r"name it in the field key \(its arrays are: first, second\)")
    refused(tmp_path / "a.npz", "no array called 'third'; its arrays are: first, second", key="third")


@pytest.mark.parametrize(
    ("images", "labels"),
    [("x_train", "y_train"), ("x", "y"), ("X", "Y"), ("images", "labels"), ("x_train", "labels"), ("arr_0", "arr_1")],
)
def test_labels_are_found_beside_the_images(tmp_path, images, labels):
    y = np.arange(20) % 4 + 3
    np.savez_compressed(tmp_path / "a.npz", **{images: GREY, labels: y})
    data = load(tmp_path / "a.npz")
    assert data.classes == ["3", "4", "5", "6"]
    assert data.labels.tolist() == (y - 3).tolist()
    assert data.labels.dtype == torch.int64


@pytest.mark.parametrize("y", [np.array(["cat", "dog"] * 10), np.array([b"cat", b"dog"] * 10)])
def test_labels_may_be_words(tmp_path, y):
    np.savez(tmp_path / "a.npz", x=GREY, y=y)
    data = load(tmp_path / "a.npz")
    assert data.classes == ["cat", "dog"]
    assert data.labels.tolist() == [0, 1] * 10


@pytest.mark.parametrize("y", [np.arange(20.0), np.arange(20)[:, None], np.arange(20, dtype=np.uint8)])
def test_labels_may_be_whole_floats_or_a_column(tmp_path, y):
    np.savez(tmp_path / "a.npz", x=GREY, y=y)
    assert load(tmp_path / "a.npz").labels.tolist() == list(range(20))


@pytest.mark.parametrize("y", [np.arange(19), np.arange(20) + 0.5, np.full(20, np.nan), np.eye(20), np.float64(3)])
def test_labels_that_do_not_match_are_left_out_and_told(tmp_path, y):
    np.savez(tmp_path / "a.npz", x=GREY, y=y)
    data = load(tmp_path / "a.npz")
    assert data.labels is None
    assert any("'y' does not give each image one class" in note for note in data.notes)


def test_test_images_are_held_out(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=GREY[:15], x_test=GREY[15:] / 255.0)
    data = load(tmp_path / "a.npz", size=20)
    assert len(data) == 15
    assert data.held_out.shape == (5, 20, 20, 1)


def test_a_size_crops_the_centre_and_resizes(tmp_path):
    wide = np.zeros((2, 16, 48, 3), np.uint8)
    wide[:, :, 16:32] = 200
    data = load(saved(tmp_path, wide), size=32)
    assert data.shape == (3, 32, 32)
    assert (data.images == 200).all()


@pytest.mark.parametrize(
    ("array", "match"),
    [
        (np.zeros((0, 8, 8), np.uint8), "holds no images"),
        (np.zeros((8, 0, 8, 3), np.uint8), "holds no images"),
        (np.zeros(100), "shape 100"),
        (np.zeros((10, 784)), "shape 10 × 784"),
        (np.zeros((2, 3, 4, 5, 6)), "shape 2 × 3 × 4 × 5 × 6"),
        (np.float32(3), "a single number"),
        (np.zeros((5, 8, 8, 4), np.uint8), "neither 1 nor 3 channels"),
        (np.zeros((64, 64, 3), np.uint8), "is it a single image"),
        (np.array([[["a"]]] * 9), "less than 4 pixels|not pixels"),
        (np.full((9, 8, 8), "a"), "not pixels"),
        (np.zeros((9, 8, 8), complex), "not pixels"),
        (np.full((9, 8, 8), np.nan), "not finite"),
        (np.where(np.arange(576).reshape(9, 8, 8) == 500, np.inf, 0), "not finite"),
        (np.linspace(0, 255, 576).reshape(9, 8, 8), r"values from 0 to 255; .*\[0, 1\] or in \[−1, 1\]"),
        (np.linspace(-3, 3, 576).reshape(9, 8, 8), "values from -3 to 3"),
        (np.full((9, 8, 8), -1), "values from -1 to -1"),
        (np.full((9, 8, 8), 70000), "0…255 or 0…65535"),
    ],
)
def test_what_cannot_be_images_is_refused_in_a_sentence(tmp_path, array, match):
    refused(saved(tmp_path, array), match)


def test_pickled_objects_are_never_opened(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trapped"),)

    np.save(tmp_path / "a.npy", np.array([Trap()] * 3, dtype=object), allow_pickle=True)
    refused(tmp_path / "a.npy", "pickled Python objects")
    np.savez(tmp_path / "b.npz", x=np.array([Trap()], dtype=object))
    refused(tmp_path / "b.npz", "pickled Python objects")
    np.savez(tmp_path / "c.npz", x=GREY, y=np.array([Trap()] * 20, dtype=object))
    refused(tmp_path / "c.npz", "pickled Python objects")
    (tmp_path / "d.npy").write_bytes(b"\x80\x04K\x01.")
    refused(tmp_path / "d.npy", "damaged or not an .npz or .npy file")
    assert not (tmp_path / "trapped").exists()


def header(shape, descr="|u1"):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize("shape", ["(100000, 100000, 100000)", "(" + "9" * 300 + ", 8, 8)", "(" + "9" * 5000 + ", 8)"])
def test_absurd_sizes_are_refused_before_memory_is_taken(tmp_path, shape):
    (tmp_path / "a.npy").write_bytes(header(shape))
    refused(tmp_path / "a.npy", "of memory|damaged")
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("x.npy", header(shape))
    refused(tmp_path / "b.npz", "of memory|damaged")


def test_a_zip_bomb_is_refused_by_its_header(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "physical", lambda: 2_000_000)
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((2000, 32, 32), np.uint8))
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", buffer.getvalue())
    assert (tmp_path / "a.npz").stat().st_size < 20_000
    refused(tmp_path / "a.npz", "needs 1 GB of memory|of memory")


@pytest.mark.parametrize("shape", ["(-1, 8, 8)", "(8, 8, 'x')", "[", "(2, 2, 2) + (3,)"])
def test_malformed_headers_are_refused(tmp_path, shape):
    (tmp_path / "a.npy").write_bytes(header(shape) + bytes(100))
    refused(tmp_path / "a.npy", "damaged or not an .npz or .npy file")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.02, 0.5, 0.999])
@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
def test_a_file_that_is_cut_off_is_named(tmp_path, name, share):
    np.save(tmp_path / name, GREY) if name == "a.npy" else np.savez_compressed(tmp_path / name, x=GREY)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    refused(tmp_path / name, "damaged or not|ends too soon")


def test_changed_bytes_in_an_npz_are_noticed(tmp_path):
    np.savez(tmp_path / "a.npz", x=GREY)
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[len(content) // 2] ^= 255
    (tmp_path / "a.npz").write_bytes(content)
    refused(tmp_path / "a.npz", "damaged.*CRC")


def test_why_it_is_no_array_is_said_in_plain_words(tmp_path):
    np.savez(tmp_path / "a.npz", x=GREY)
    (tmp_path / "a.npz").write_bytes((tmp_path / "a.npz").read_bytes()[:500])
    refused(tmp_path / "a.npz", r"\(the end of its zip archive is missing\)")
    (tmp_path / "a.npy").write_text("hello, world")
    refused(tmp_path / "a.npy", r"\(it does not begin as one does\)")


@pytest.mark.filterwarnings("ignore:Stored array in format 3.0")
def test_named_fields_are_refused(tmp_path):
    refused(saved(tmp_path, np.zeros(5, [("a", "u1"), ("b", "f4")])), "shape 5|not pixels")
    np.save(tmp_path / "a.npy", np.zeros(5, [("ж", "u1")]))
    refused(tmp_path / "a.npy", "named fields")


def test_other_files_are_refused(tmp_path):
    (tmp_path / "text.npz").write_text("hello")
    refused(tmp_path / "text.npz", "damaged or not")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(tmp_path / "a.npz", "its arrays are: none")
    (tmp_path / "folder.npz").mkdir()
    refused(tmp_path / "folder.npz", "this is a folder")
    with pytest.raises(StudioError, match="there is no such file"):
        load(tmp_path / "missing.npz")


def test_an_unreadable_file_is_named(tmp_path, monkeypatch):
    path = saved(tmp_path, GREY)

    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    refused(path, "cannot be read \\(Permission denied\\)")


def test_cancelling_stops_the_reading(tmp_path):
    path = saved(tmp_path, np.zeros((9000, 32, 32), np.uint8))
    with pytest.raises(Cancelled):
        Array(Array.Config(path=str(path))).load(lambda what, share: share < 0.5)


def test_the_key_changes_with_the_file(tmp_path):
    path = saved(tmp_path, GREY)
    source = Array(Array.Config(path=str(path)))
    first = source.cache_key()
    assert source.cache_key() == first
    os.utime(path, ns=(1, 1))
    assert source.cache_key() != first
