"""Nearest neighbours: as brute force in float64 finds them, with ties, duplicates and numbers that cancel."""

import numpy as np
import pytest
import torch

from ganstudio.latent.neighbours_search import PART, Index


def done(work):
    """Work to its end: (shares on the way, result)."""
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as end:
            return shares, end.value


def index(rows: np.ndarray) -> Index:
    found = Index(torch.from_numpy(rows))
    done(found.fill())
    return found


def brute(rows: np.ndarray, queries: np.ndarray, count: int, own=None):
    squared = np.array([((rows.astype(np.float64) - query.astype(np.float64)) ** 2).sum(1) for query in queries])
    if own is not None:
        squared[np.arange(len(queries)), own] = np.inf
    order = np.argsort(squared, axis=1, kind="stable")[:, :count]
    return order, np.take_along_axis(squared, order, 1)


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_it_finds_what_brute_force_in_float64_finds(kind):
    dice = np.random.default_rng(0)
    rows = dice.integers(0, 256, (5000, 300)).astype(kind)
    queries = np.concatenate([dice.integers(0, 256, (7, 300)).astype(kind), rows[[0, 4999]]])
    assert PART // 300 < 5000  # in several parts
    places, squared = done(index(rows).nearest(torch.from_numpy(queries), 8))[1]
    expected = brute(rows, queries, 8)
    np.testing.assert_array_equal(places, expected[0])
    np.testing.assert_allclose(squared, expected[1], rtol=1e-12)


def test_distances_of_bytes_are_exact_where_float32_cancels():
    # Bright images that differ by one grey level in one pixel: squares of 6·10⁸, differences of 1.
    rows = np.full((60, 10_000), 250, np.uint8)
    for place in range(60):
        rows[place, :place] += 1
    places, squared = done(index(rows).nearest(torch.from_numpy(rows[[0, 30]]), 4))[1]
    assert squared[0].tolist() == [0, 1, 2, 3]
    assert places[0].tolist() == [0, 1, 2, 3]
    assert (places[1].tolist(), squared[1].tolist()) == ([30, 29, 31, 28], [0, 1, 1, 2])


def test_of_those_equally_near_the_first_come_first():
    rows = np.zeros((3000, 500), np.uint8)
    rows[1000:] = 9
    rows[[5, 2500, 2999]] = 100
    places, squared = done(index(rows).nearest(torch.full((1, 500), 100, dtype=torch.uint8), 3))[1]
    assert places.tolist() == [[5, 2500, 2999]]
    assert not squared.any()


def test_a_row_does_not_count_as_its_own_neighbour_but_its_duplicate_does():
    dice = np.random.default_rng(1)
    rows = dice.integers(0, 256, (40, 20)).astype(np.uint8)
    rows[17] = rows[3]
    own = np.array([3, 8])
    places, squared = done(index(rows).nearest(torch.from_numpy(rows[own]), 2, own))[1]
    expected = brute(rows, rows[own], 2, own)
    np.testing.assert_array_equal(places, expected[0])
    np.testing.assert_array_equal(squared, expected[1])
    assert (places[0, 0], squared[0, 0]) == (17, 0)


def test_there_are_no_more_neighbours_than_rows():
    rows = np.arange(12, dtype=np.uint8).reshape(3, 4)
    query = torch.from_numpy(rows[:1])
    assert done(index(rows).nearest(query, 8))[1][0].tolist() == [[0, 1, 2]]
    assert done(index(rows).nearest(query, 8, np.array([0])))[1][0].tolist() == [[1, 2]]


def test_only_rows_that_are_in_are_searched_and_two_may_fill_at_once():
    rows = np.random.default_rng(2).integers(0, 256, (9000, 400)).astype(np.uint8)
    found = Index(torch.from_numpy(rows))
    done(found.fill(100))
    assert done(found.nearest(torch.from_numpy(rows[200:201]), 3))[1][0].max() < 100
    one, other = found.fill(), found.fill()
    next(one, None)
    done(other)
    assert found.filled == 9000
    done(one)
    assert found.filled == 9000
    assert done(found.nearest(torch.from_numpy(rows[200:201]), 1))[1][0].tolist() == [[200]]


def test_a_long_search_is_cut_into_slices(monkeypatch):
    monkeypatch.setattr("ganstudio.latent.neighbours_search.SLICE_SECONDS", 0.0)
    rows = np.random.default_rng(3).integers(0, 256, (6000, 700)).astype(np.uint8)
    shares, _ = done(index(rows).nearest(torch.from_numpy(rows[:5]), 2))
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1
