"""Anchors of a path are added, moved and removed as told, and z survives a file to the bit."""

import struct

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.anchors import moved, read_z, replaced, spread, with_more, without, write_z


def rows(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)[:, None]


def test_anchors_are_added_moved_replaced_and_removed():
    three = rows(1, 2, 3)
    assert with_more(three, 1, rows(8, 9)).ravel().tolist() == [1, 8, 9, 2, 3]
    assert with_more(three, 3, rows(9)).ravel().tolist() == [1, 2, 3, 9]
    assert moved(three, 0, 2).ravel().tolist() == [2, 3, 1]
    assert moved(three, 2, 0).ravel().tolist() == [3, 1, 2]
    assert replaced(three, 1, np.float32([7])).ravel().tolist() == [1, 7, 3]
    assert without(three, 0).ravel().tolist() == [2, 3]
    assert three.ravel().tolist() == [1, 2, 3]


def test_of_more_anchors_than_fit_the_first_are_taken():
    found = with_more(rows(1, 2), 1, rows(*range(10, 40)))
    assert found.ravel().tolist() == [1, *range(10, 24), 2]


def test_what_a_path_cannot_have_is_refused():
    with pytest.raises(StudioError, match="at most 16"):
        with_more(np.zeros((16, 1), np.float32), 0, rows(1, 2))
    with pytest.raises(StudioError, match="needs 2"):
        without(rows(1, 2), 0)
    for add in (lambda: with_more(rows(1, 2), 0, np.zeros((1, 5))), lambda: replaced(rows(1, 2), 0, np.zeros(5))):
        with pytest.raises(StudioError, match=r"1 numbers \(the sample's has 5\)"):
            add()


def test_z_comes_back_from_a_file_to_the_bit(tmp_path):
    z = np.random.default_rng(0).standard_normal((40, 7)).astype(np.float32)
    write_z(tmp_path / "walk.npy", z)
    assert np.load(tmp_path / "walk.npy").shape == (40, 7)
    assert read_z(tmp_path / "walk.npy", 7).tobytes() == z.tobytes()
    assert spread(z).shape == (16, 7)
    assert spread(z)[[0, -1]].tobytes() == z[[0, -1]].tobytes()
    assert spread(z[:5]).tobytes() == z[:5].tobytes()


def test_a_single_z_of_other_numbers_is_one_row(tmp_path):
    np.save(tmp_path / "z.npy", np.arange(3))
    assert read_z(tmp_path / "z.npy", 3).tolist() == [[0, 1, 2]]


def crafted(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(64)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (np.zeros((4, 5)), r"must hold z of shape \(n, 3\) for this generator \(it holds \(4, 5\)\)"),
        (np.zeros((0, 3)), "must hold z of shape"),
        (np.zeros((2, 3, 3)), "must hold z of shape"),
        (np.full((2, 3), np.nan), "infinite, too large, or none"),
        (np.full((2, 3), 1e300), "infinite, too large, or none"),
        (np.zeros((2, 3), complex), "instead of real numbers"),
        (np.array([["a"] * 3]), "instead of real numbers"),
        (np.array([{}], object), "is no .npy file of numbers"),
        (b"\x93NUMPY broken", "is no .npy file of numbers"),
        (b"", "is no .npy file of numbers"),
        (crafted("{'descr': ("), "is no .npy file of numbers"),
        (crafted("{[]: 1}"), "is no .npy file of numbers"),
        (crafted("  {}\n {}"), "is no .npy file of numbers"),
        (crafted("{'descr': '<f4', 'fortran_order': False, 'shape': (True, 3)}"), "is no .npy file of numbers"),
        (
            crafted("{'descr': '<f4', 'fortran_order': False, 'shape': (3999999999999,)}"),
            "is no .npy file of numbers",
        ),
        (crafted(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({10**30}, 3)}}"), "is no .npy file of numbers"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_with_what_is_wrong(tmp_path, what, says):
    path = tmp_path / "bad.npy"
    if isinstance(what, bytes):
        path.write_bytes(what)
    else:
        np.save(path, what, allow_pickle=True)
    with pytest.raises(StudioError, match=says) as caught:
        read_z(path, 3)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_or_cannot_be_written_is_said(tmp_path):
    with pytest.raises(StudioError, match="cannot be read"):
        read_z(tmp_path / "none.npy", 3)
    with pytest.raises(StudioError, match="choose another place"):
        write_z(tmp_path / "no" / "z.npy", np.zeros((1, 3)))
