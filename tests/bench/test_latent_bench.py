"""``bench latent``: its parts measure, and ask for what they should; a bad preset is refused in a sentence."""

import importlib
import json
from math import inf
from time import perf_counter

import numpy as np
import pytest
import torch

from ganstudio.bench import latent, latent_inversion, latent_neighbours, latent_sketch
from ganstudio.bench.figure import Figure, as_json
from ganstudio.bench.latent_playback import Playback, playback
from ganstudio.experiment.errors import StudioError
from ganstudio.latent.choices import MOST_PRINCIPAL
from ganstudio.latent.encoder import FitEncoder
from ganstudio.latent.inversion import Projection
from ganstudio.latent.principal import FindDirections

THREADS = 3
"""That were set before; the parts themselves run with one."""


@pytest.fixture
def _threads_come_back():
    """What was set before comes back."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    yield
    found = torch.get_num_threads()
    torch.set_num_threads(before)
    assert found == THREADS


def targets(figures: list[Figure], words: str) -> set:
    """(bound, target) of the figures with these words in their names that ask for something."""
    return {(one.bound, one.target) for one in figures if words in one.name and one.target is not None}


def test_an_unknown_preset_is_refused_before_anything_is_measured():
    with pytest.raises(StudioError, match="nothing-of-the-kind"):
        latent.measure("nothing-of-the-kind")


def test_figures_of_numpy_are_printed_too():
    printed = as_json("latent", [Figure("a", np.float32(0.5), "≤", 1.0), Figure("b", np.float64(2), "≥", 3.0)])
    assert [one["met"] for one in json.loads(printed)["figures"]] == [True, False]


# the parts


def test_every_part_is_there():
    assert set(latent.PARTS) == {"latent_sketch", "latent_inversion", "latent_neighbours", "latent_attributes"}
    for part in latent.PARTS:
        assert callable(importlib.import_module(f"ganstudio.bench.{part}").figures)


@pytest.mark.usefixtures("_threads_come_back")
def test_a_sketch_is_asked_to_halve_the_error(monkeypatch):
    whole = latent_sketch.find_sketched
    begun = perf_counter()

    def endless(workshop, request):
        found = next(whole(workshop, request))
        while perf_counter() - begun < 30:
            yield found
        raise AssertionError("it is not given up")

    assert latent_sketch.FIRST_SECONDS == 2.0
    for limit in ("FIRST_SECONDS", "LIMIT_SECONDS"):
        monkeypatch.setattr(latent_sketch, limit, 0.2)
    monkeypatch.setattr(latent_sketch, "find_sketched", endless)
    found = latent_sketch.figures(sketches=1)
    assert targets(found, "at most 0.2 s, the worst sketch (below half is asked)") == {("≤", 0.5)}
    ratio, spent = (next(one.value for one in found if words in one.name) for words in ("worst", "given up"))
    assert ratio > 0
    assert spent >= 0.2
    assert targets(found, "first 16 ranked candidates") == {("≤", 0.2)}


@pytest.mark.usefixtures("_threads_come_back")
def test_inversion_is_asked_for_30_decibels_in_5_seconds():
    assert (latent_inversion.CLOSE, latent_inversion.SECONDS) == (30.0, 5.0)
    found = latent_inversion.figures(subjects=1, seconds=0.3, encoder=FitEncoder(steps=2))
    assert targets(found, "own samples, median PSNR after at most") == {("≥", 30.0)}
    assert targets(found, "median s until 30 dB") == {("≤", 5.0)}
    assert {one.target for one in found} == {30.0, 5.0, None}, "and nothing else, nor a little more"
    assert all(5 < one.value < 100 for one in found if "PSNR" in one.name)


def test_only_what_is_found_in_time_counts():
    found = Projection(np.zeros(1), "", mse=1e-5, errors=((0.1, 0.1), (4.9, 0.01), (5.2, 1e-5)))
    assert latent_inversion.reached(found, 5.0) == pytest.approx(20)
    assert latent_inversion.reached(found, 6.0) == pytest.approx(50)
    assert latent_inversion.reached(found, 0.05) == -inf


@pytest.mark.usefixtures("_threads_come_back")
def test_neighbours_are_asked_for_in_100_milliseconds_after_10_seconds():
    found = latent_neighbours.figures("dcgan-pixel-faces", queries=2)
    assert targets(found, "p95, ms") == {("≤", 100.0)}
    assert targets(found, "index and first query") == targets(found, "features of all") == {("≤", 10.0)}
    assert all(one.value > 0 for one in found)


# the window


def test_the_window_is_asked_for_what_it_should_reach():
    assert (latent.REST_MS, latent.TRAINING_MS) == (25.0, 60.0)
    played = [Playback(rate, 0.98, skipped=1, waited=2) for rate in (30.0, 29.9, 28.0)]
    found = latent.window_figures("faces", "at rest", 25.0, [1.0, 30.0], [150.0], 3.1, played)
    asked = {words: targets(found, words) for words in ("slider", "grid", "principal directions", "frames/s")}
    assert asked == {
        "slider": {("≤", 25.0)},
        "grid": {("≤", 150.0)},
        "principal directions": {("≤", 3.0)},
        "frames/s": {("≥", 30.0)},
    }
    assert [one.met for one in found if one.target] == [False, True, False, False], "the median counts; 29.9 is not 30"
    said = {one.name: one.value for one in found}
    assert said["faces: the same, the worst of 3 stretches"] == 28.0
    assert said["faces: frames of all walks skipped at rest"] == 3
    assert said["faces: frames of all walks waited for at rest"] == 6


def test_as_many_directions_are_timed_as_the_window_asks_for(monkeypatch):
    asked = []
    monkeypatch.setattr(latent, "answer", lambda explorer, request: asked.append(request))
    latent.directions_seconds(None)
    assert asked == [FindDirections(MOST_PRINCIPAL, 10_000)]


# playback

BEAT = 1 / 30


def shown(late: dict[int, float] | None = None, gone: tuple[int, ...] = (), count: int = 190) -> list[float]:
    """When frames are painted, 30 a second from some moment on: some late by so many periods, some not at all."""
    return [7.0 + BEAT * (n + (late or {}).get(n, 0.0)) for n in range(count) if n not in gone]


def test_an_even_walk_plays_at_its_rate_to_the_frame():
    assert playback(shown(), 180, 30.0) == Playback(30.0, 1.0)
    shaken = {n: 0.3 * np.sin(n) for n in range(190)}
    assert playback(shown(shaken), 180, 30.0) == Playback(30.0, 1.0)


@pytest.mark.parametrize("off", [-0.4, 0.4, 0.8])
def test_a_first_frame_that_is_late_costs_none_of_the_others(off):
    assert playback(shown({0: off}), 180, 30.0) == Playback(30.0, 1.0)


def test_every_frame_that_is_missing_or_late_tells():
    assert playback(shown(gone=(50,)), 180, 30.0) == Playback(30 * 179 / 180, 179 / 180)
    found = playback(shown({50: 0.7}), 180, 30.0, skipped=3, waited=4)
    assert found == Playback(30.0, 179 / 180, 3, 4)
    slow = [7.0 + n / 26 for n in range(200)]
    assert playback(slow, 180, 30.0).per_second == pytest.approx(26, abs=0.2)


def test_a_walk_that_stands_still_has_no_rate():
    assert playback([], 180, 30.0) == playback([1.0], 180, 30.0) == Playback(0.0, 0.0)
    assert playback(shown(count=91), 180, 30.0).per_second == 15.0, "it stopped halfway"
