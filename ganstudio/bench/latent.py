"""``bench latent``: how promptly the latent space answers a hand, and how good what is found there is.

In the real window, over a game on images of 32 pixels: slider to painted image while training and at rest, a grid of 64
samples, principal directions from 10,000 samples, a walk that plays. Then, without a window, each kind of search by the
file that knows it: ``PARTS``.
"""

import importlib
from statistics import mean, median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.bench.figure import Figure
from ganstudio.bench.latent_playback import Playback, playback
from ganstudio.bench.watching import PATIENCE, percentile, slider_latencies, spin, training, until
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset as shipped
from ganstudio.latent.choices import MOST_PRINCIPAL
from ganstudio.latent.principal import FindDirections
from ganstudio.latent.requests import Draw, Render, Study, as_bytes
from ganstudio.progress import passing

if TYPE_CHECKING:
    from ganstudio.ui.explorer import ExplorerBridge
    from ganstudio.ui.main_window import MainWindow

PRESET = "dcgan-pixel-faces"
PARTS = ("latent_sketch", "latent_inversion", "latent_neighbours", "latent_attributes")
"""Files beside this one whose ``figures()`` are added."""
TRAINING_MS, REST_MS, GRID_MS, PCA_SECONDS, WALK_FPS = 60.0, 25.0, 150.0, 3.0, 30.0
MOVES, GRIDS, TILES, SAMPLES = 100, 20, 64, 10_000
PERIODS, STRETCHES = 180, 5
"""Of a walk's frames, at ``WALK_FPS`` six seconds; and how often so many are watched: the median counts."""
CLIENT = "bench"


def measure(preset: str | None) -> list[Figure]:
    """All figures. With a preset those of the window alone, on it: the searches have data of their own."""
    name = preset or PRESET
    shipped(name)
    found = in_window(name)
    for part in PARTS if preset is None else ():
        passing(part.replace("_", " "))
        found += importlib.import_module(f"ganstudio.bench.{part}").figures()
    passing("")
    return found


def in_window(name: str) -> list[Figure]:
    """Open the window on a preset, and measure while it trains and at rest."""
    found = []
    with training(name) as window:
        if len(window.shape) != 3:
            raise StudioError("its samples are no images; choose a preset of images", name)
        for state, slider_ms in (("while training", TRAINING_MS), ("at rest", REST_MS)):
            if state == "at rest":
                window.studio.pause()
                until(lambda: window.studio.status.phase == "paused", PATIENCE)
            passing(f"{name}: slider {state}")
            moves = [1e3 * one for one in slider_latencies(window, MOVES)]
            window.show_perspective("explore")
            passing(f"{name}: grid of {TILES} {state}")
            grids = [1e3 * one for one in grid_latencies(window.studio.explorer, GRIDS)]
            passing(f"{name}: principal directions {state}")
            seconds = directions_seconds(window.studio.explorer)
            passing(f"{name}: walk {state}")
            found += window_figures(name, state, slider_ms, moves, grids, seconds, walk(window))
    return found


def window_figures(
    name: str,
    state: str,
    slider_ms: float,
    moves: list[float],
    grids: list[float],
    seconds: float,
    played: list[Playback],
) -> list[Figure]:
    """What was measured of the window in one state; ``moves`` and ``grids`` in milliseconds."""
    rates = [one.per_second for one in played]
    slider, grid = f"{name}: slider to painted image {state}", f"{name}: grid of {TILES} painted {state}"
    principal = f"{name}: {MOST_PRINCIPAL} principal directions of {SAMPLES:,} z {state}, s"
    return [
        Figure(f"{slider}, p95, ms", percentile(moves, 95), "≤", slider_ms),
        Figure(f"{slider}, median, ms", percentile(moves, 50)),
        Figure(f"{grid}, p95, ms", percentile(grids, 95), "≤", GRID_MS),
        Figure(principal, seconds, "≤", PCA_SECONDS),
        Figure(f"{name}: frames/s painted of a walk {state}, {PERIODS} periods", median(rates), "≥", WALK_FPS),
        Figure(f"{name}: the same, the worst of {len(rates)} stretches", min(rates)),
        Figure(f"{name}: share of a walk's frames on time {state}", mean(one.on_time for one in played)),
        Figure(f"{name}: frames of all walks skipped {state}", sum(one.skipped for one in played)),
        Figure(f"{name}: frames of all walks waited for {state}", sum(one.waited for one in played)),
    ]


def grid_latencies(explorer: "ExplorerBridge", count: int) -> list[float]:
    """Seconds from asking for ``TILES`` new samples to the grid of them, painted."""
    from ganstudio.probes.tiles import TileGrid
    from ganstudio.ui.widgets.grid import ImageGrid

    view = ImageGrid("Samples that are timed")
    view.resize(480, 480)
    found = []
    for index in range(count):
        z = answer(explorer, Draw(index, TILES))
        start = perf_counter()
        images = as_bytes(answer(explorer, Render(z)))
        grid = TileGrid(TILES, *images.shape[1:3])
        grid.put(0, images)
        view.show_tiles(grid.published())
        view.grab()
        found.append(perf_counter() - start)
        spin(0.03)
    view.deleteLater()
    return found


def directions_seconds(explorer: "ExplorerBridge") -> float:
    """From the question to as many principal directions of ``SAMPLES`` samples as the window asks for."""
    start = perf_counter()
    answer(explorer, FindDirections(MOST_PRINCIPAL, SAMPLES))
    return perf_counter() - start


def answer(explorer: "ExplorerBridge", request: Draw | Render | Study) -> np.ndarray:
    """What is answered to a request, when the work is done."""
    found: list = []

    def take() -> bool:
        found.extend(one for one in explorer.take(CLIENT) if one.error or one.share == 1)
        return bool(found)

    explorer.ask(request, CLIENT)
    until(take, PATIENCE, poll_ms=1)
    if not found or found[-1].error:
        raise StudioError(found[-1].error if found else "there was no answer", type(request).__name__)
    return found[-1].value


def walk(window: "MainWindow") -> list[Playback]:
    """Play a walk whose frames are in memory, in ``STRETCHES`` of ``PERIODS`` frames."""
    window.bring_up("walk")
    player = window.panels["walk"].walk.player
    until(lambda: player.play.isEnabled() and player.count > 1, PATIENCE)
    spin(1.0)
    player.start()
    spin(1.0)
    found = []
    for _ in range(STRETCHES):
        begun, skipped, waited = perf_counter(), player.skipped, player.waited
        end = begun + (PERIODS + 2) / WALK_FPS  # to the millisecond: a common timer may end before the last period
        until(lambda end=end: perf_counter() >= end, PATIENCE)
        painted = [one for one in player.painted_at if one >= begun]
        found.append(playback(painted, PERIODS, WALK_FPS, player.skipped - skipped, player.waited - waited))
    player.pause()
    return found
