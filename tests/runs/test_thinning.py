"""Thinning: dense now, sparse then, under a budget, and never without its two ends."""

import math

import pytest

from ganstudio.runs.thinning import NEWEST, Moment, superfluous


def grown(steps: int, budget: int, every: int = 1, **marks) -> list[int]:
    """What is left of a line that is thinned after each moment, 1 byte each."""
    kept: list[Moment] = []
    for step in range(0, steps, every):
        kept.append(Moment(step, 0, step, 1, needed=step == 0, **{k: step in v for k, v in marks.items()}))
        gone = set(superfluous(kept, budget))
        kept = [one for one in kept if one.key not in gone]
    return [one.step for one in kept]


def test_the_newest_few_and_exponentially_fewer_with_age():
    kept = grown(3000, 10**9)
    assert kept[0] == 0
    assert kept[-NEWEST:] == list(range(3000 - NEWEST, 3000))
    ages = [3000 - step for step in kept[1:]]
    for low in (10, 100, 1000):
        decade = sum(low <= age < 10 * low for age in ages)
        assert (decade >= 3) if low == 1000 else (12 <= decade <= 60)
    assert len(kept) < 40 * math.log10(3000)


@pytest.mark.parametrize("budget", [3, 8, 20])
def test_a_budget_is_kept(budget):
    kept = grown(500, budget)
    assert len(kept) <= budget
    assert (kept[0], kept[-1]) == (0, 499)


def test_what_is_needed_stays_beyond_the_budget_and_the_newest_with_it():
    moments = [Moment(step, 0, step, 10, needed=step < 50) for step in range(0, 100, 10)]
    gone = superfluous(moments, 5)
    assert sorted(set(range(0, 100, 10)) - set(gone)) == [0, 10, 20, 30, 40, 90]


def test_preferred_moments_outlive_their_neighbours():
    edits = set(range(57, 1000, 100))
    kept = grown(1000, 15, preferred=edits)
    assert len(edits & set(kept)) >= 4


def test_each_line_keeps_its_newest():
    moments = [Moment((line, step), line, step, 1) for line in range(3) for step in range(50)]
    left = {one.key for one in moments} - set(superfluous(moments, 3))
    assert left == {(0, 49), (1, 49), (2, 49)}
