"""``bench plane``: what watching a game in the plane costs, with every layer on, at the rate of a film.

As ``bench watching``, but the window is on ``ring-8`` with a z of two numbers, so that G's manifold can be drawn too,
and shows the Plane panel alone. It trains on one thread, as is best for small networks: two runs of it can be compared.
"""

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from ganstudio.bench.figure import Figure
from ganstudio.bench.watching import LONG_SECONDS, PATIENCE, spin, training, until, watched_and_alone
from ganstudio.data.points import PointsSource
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset as shipped
from ganstudio.experiment.registry import registry
from ganstudio.progress import passing
from ganstudio.training.build import data_source

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

PRESET = "ring-8"
SPEED, FRAMES = 0.9, 30.0
PAIRS = 16
"""Twice as many as of other watching: of one pair after another the ratio wanders by 0.04, and the target is near."""


def measure(preset: str | None) -> list[Figure]:
    """The figures of ``PRESET``, or of another preset with points of the plane."""
    name = preset or PRESET
    check_plane(name)
    with training(name, threads=1) as window:
        show_plane_alone(window)
        passing(f"{name}: training watched and alone, in turn")
        view = window.panels["plane"].view
        pairs = [watched_and_alone(window) for _ in range(PAIRS)]
        passing(f"{name}: frames")
        shown, start = view.shown, perf_counter()
        spin(LONG_SECONDS)
        frames_per_s = (view.shown - shown) / (perf_counter() - start)
        threads = window.studio.status.threads
    passing("")
    return [
        Figure(f"{name}: steps/s watched over headless", median(pair.ratio for pair in pairs), "≥", SPEED),
        Figure(f"{name}: fresh frames/s", frames_per_s, "≥", FRAMES),
        Figure(f"{name}: steps/s headless", median(pair.alone.steps_per_s for pair in pairs)),
        Figure(f"{name}: threads", threads),
        Figure(f"{name}: the worst of {PAIRS} pairs", min(pair.ratio for pair in pairs)),
        Figure(f"{name}: the best of {PAIRS} pairs", max(pair.ratio for pair in pairs)),
    ]


def check_plane(name: str) -> None:
    """Raise ``StudioError`` for a preset that there is not, or whose data are not points of the plane."""
    registry.load()
    source = data_source(shipped(name))
    if not isinstance(source, PointsSource) or source.density().dim != 2:
        raise StudioError(f"the data of {name} are not points of the plane; use {PRESET}")


def show_plane_alone(window: "MainWindow") -> None:
    """Train with a z of two numbers, hide all other panels, switch every layer on, and wait for a picture."""
    studio = window.studio
    studio.edit("noise.params.dim", 2)
    window.restart()
    studio.train()
    window.show_perspective("theory")
    for name, dock in window.docks.items():
        if name != "plane":
            dock.hide()
    panel = window.panels["plane"]
    for name, switch in panel.switches.items():
        switch.setChecked(name not in ("optimal", "draw"))
    until(lambda: panel.view.plane is not None and panel.view.plane.manifold is not None, PATIENCE)
    until(lambda: panel.options()["elsewhere"], PATIENCE)
    spin(2.0)
