"""How near G has come to the data, in numbers that theory gives a meaning: now, and over the steps."""

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.ui.curve_panel import MARGINS, SPACE, CurvePanel
from ganstudio.ui.theme import type_scale
from ganstudio.ui.widgets.controls import choice, row, select
from ganstudio.ui.widgets.curve_model import Curve, Level
from ganstudio.ui.widgets.curves import digits
from ganstudio.ui.widgets.looks import Looks
from ganstudio.ui.widgets.mode_bars import ModeBars
from ganstudio.ui.widgets.offer import Offer
from ganstudio.ui.widgets.read_out import ReadOut
from ganstudio.ui.widgets.run_notes import named

if TYPE_CHECKING:
    from ganstudio.probes.convergence import Convergence, ConvergenceFrame
    from ganstudio.ui.studio import Studio

FIRST = "Goodfellow et al. 2014, section 4.1"
COVERAGE = "Srivastava et al. 2017 (VEEGAN), section 4.1"
CELLS = "Between the density's probability of small cells and the share of G's samples in each, with p = p_data."
BOUND = "Of N samples one counts as the other side's, so that it stays below log(N + 1)."
DISTANCES = (
    Curve(
        "js",
        "JSD",
        "value",
        "Jensen–Shannon divergence: ½ KL(p‖m) + ½ KL(p_g‖m) with m = ½(p + p_g); 0 where G has learnt the data, log 2 "
        f"where it makes nothing of them. {CELLS} ({FIRST}, equation 6)",
        "nat",
    ),
    Curve(
        "kl_data",
        "KL(p‖p_g)",
        "real",
        f"Σ p log(p/p_g): large where G misses what the data have. {CELLS} {BOUND} ({FIRST}, equation 5)",
        "nat",
    ),
    Curve(
        "kl_generator",
        "KL(p_g‖p)",
        "fake",
        f"Σ p_g log(p_g/p): large where G makes what the data have not. {CELLS} {BOUND} ({FIRST}, equation 5)",
        "nat",
    ),
    Curve("wasserstein", "W₁", "equilibrium", ""),
)
TRANSPORT = {
    1: (
        "W₁",
        "Wasserstein distance: ∫ |F(x) − F_g(x)| dx, how far G's samples must move on average, in the units of x. "
        "(Villani 2003, section 2.2)",
    ),
    2: (
        "sliced W₁",
        "Sliced Wasserstein distance: the mean over all directions of the Wasserstein distance between the "
        "projections, in the units of x. (Bonneel et al. 2015)",
    ),
}
SHARES = (
    Curve(
        "covered",
        "modes",
        "equilibrium",
        "Modes covered: those that have good samples, of 2,500. The curve shows their share of all modes. "
        f"({COVERAGE})",
    ),
    Curve("good", "good", "fake", f"Share of the samples that lie within 3σ of their nearest mode. ({COVERAGE})"),
    Curve(
        "entropy",
        "entropy",
        "value",
        "−Σ s log s over the modes' shares s of the good samples; log K when all K modes are served alike. The curve "
        "shows its share of log K. (Shannon 1948, section 6)",
    ),
    Curve("score_distance", "|D − ½|", "discriminator", ""),
)
REST = (
    "How far D lies from where the game rests, {rest}: the mean of |mean D(x) − {rest}| over real samples and "
    "|mean D(G(z)) − {rest}| over generated ones; the small numbers are these two means. "
    f"({FIRST}, proposition 1: D* = p/(p + p_g), ½ where p_g = p)"
)
CRITIC = "This discriminator is a critic: its output is no probability, and theory fixes no value at the equilibrium."
NAMES = tuple(one.name for one in DISTANCES + SHARES)
WEIGHTS = "Which G is judged: the running average of its weights, as the Samples panel shows it, or those that train"
NEEDS = "Convergence is measured against data whose density is known: points on a line or in the plane."
ROOMY = 700
"""Pixels of the panel from which on there is room for whole words."""
TALLEST = 0.11
"""Share of the panel's height that a row of numbers takes at the most on the stage."""
UNIT_RANGE = (-0.03, 1.03)


class ConvergencePanel(CurvePanel):
    """Divergences and transport above; below them modes, samples, D, and a bar for each mode."""

    name = "convergence"
    title = "Convergence"
    description = "Divergences between the data and G, modes covered, good samples, and D's distance from ½"
    probe = "convergence"
    reads_history = False
    order = 36
    entry = ReadOut

    def __init__(self, studio: "Studio"):
        empty = "Press Train (Space): how near G comes to the data appears here."
        super().__init__(studio, [DISTANCES, SHARES], lambda plot: plot == 0, empty)
        self.distances, self.parts = self.plots
        self.parts.range = UNIT_RANGE
        for plot in self.plots:
            plot.cursor_tells = False  # the numbers above the curves do
        self.bars = ModeBars()
        self.weights = choice("G's weights", WEIGHTS, [("G: average", False), ("G: live", True)], self._ask)
        self.offer = Offer(studio, self, NEEDS, [("figure-1", "Figure 1"), ("ring-8", "Ring of 8")])
        self._looks, self._live = Looks(NAMES), False
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        top = row(self.weights, None, self.controls.log_y, self.controls.follow, self.controls.save)
        top.setContentsMargins(6, 4, 6, 0)
        layout.insertLayout(0, top)
        lower = QHBoxLayout()
        lower.setSpacing(0)
        lower.addWidget(self.parts, 3)
        lower.addWidget(self.bars, 2)
        layout.addLayout(lower, 1)
        for one in SHARES:
            self.legend[one.name].widest = "00.0"
        self.controls.log_y.setToolTip("Logarithmic axis of the divergences")
        self.controls.load({"log_y": True, "smoothing": 1})
        studio.opened.connect(lambda _: self._begin())

    def header(self, plot: int) -> list[QWidget]:
        return [self.legend[one.name] for one in self.plots[plot].curves]

    def options(self) -> dict[str, Any]:
        return {"live": self.weights.currentData()}

    def _ask(self) -> None:
        self.studio.ask_again(self)

    def _begin(self) -> None:
        self._looks = Looks(NAMES)

    # frames

    def show_frame(self, frame: "ConvergenceFrame") -> None:
        found = frame.found
        self.offer.setVisible(found is None)
        if found is None:
            return
        if frame.live != self._live:
            self._begin()
            self._live = frame.live
        self._describe(frame.dim, found)
        self._read_out(found)
        self.bars.show_shares(found.shares, found.good_shares, found.real_shares)
        scale = {"covered": len(found.shares), "entropy": found.most_entropy or float("nan")}
        if self.plots[0].cursor is not None and found.trail["step"][-1] <= len(self._looks):
            return  # a look of the past: the curves go on beyond it
        columns = [found.trail[name] / scale.get(name, 1.0) for name in NAMES]
        self._looks.follow(found.trail["step"], np.stack(columns, axis=1))
        self.show_history(self._looks)

    def _describe(self, dim: int, found: "Convergence") -> None:
        """Say what the numbers mean for these data and this objective."""
        label, tip = TRANSPORT[dim]
        by_chance = " As many real samples would have {}, by chance alone."
        for one in DISTANCES:
            words = (label, tip) if one.name == "wasserstein" else (one.label, one.tip)
            self.legend[one.name].describe(words[0], words[1] + by_chance.format(digits(found.chance[one.name], 2)))
        if found.rest is None:
            self.legend["score_distance"].describe("D", CRITIC)
        else:
            rest = named(found.rest)
            self.legend["score_distance"].describe(f"|D − {rest}|", REST.format(rest=rest))
        self.distances.set_levels(
            [
                Level(found.chance["js"], "JSD of data", "value", ("js",)),
                Level(found.chance["wasserstein"], f"{label} of data", "equilibrium", ("wasserstein",)),
            ]
        )

    def _read_out(self, found: "Convergence") -> None:
        numbers, modes = found.numbers, len(found.shares)
        for one in DISTANCES:
            self.legend[one.name].show_value(digits(numbers[one.name], 3), one.unit)
        self.legend["covered"].show_value(f"{numbers['covered']:.0f}", f"of {modes}")
        self.legend["good"].show_value(f"{100 * numbers['good']:.1f}", "%")
        several = found.most_entropy > 0
        self.legend["entropy"].show_value(
            decimals(numbers["entropy"], 2) if several else "–",
            f"of {found.most_entropy:.2f} nat" if several else "one mode",
        )
        means = [digits(numbers[name], 2) for name in ("score_real", "score_fake")]
        words = "real {}, fake {}" if self.width() >= ROOMY * type_scale() else "{}, {}"
        self.legend["score_distance"].show_value(decimals(numbers["score_distance"], 3), words.format(*means))

    # looks

    def set_legend(self, size: int) -> None:
        """As large as the plots' text, if the numbers above each plot fit in one row; at the least as off the stage."""
        first = self.legend[NAMES[0]]
        for fitting in range(size, round(size / type_scale()) - 1, -1):
            super().set_legend(fitting)
            low = first.sizeHint().height() <= TALLEST * self.height()
            if low and all(self._width_of(plot.curves) <= self.width() for plot in self.plots):
                return

    def _width_of(self, curves: Sequence[Curve]) -> int:
        """Pixels of a row of the legend."""
        return MARGINS + sum(self.legend[one.name].sizeHint().width() + SPACE for one in curves)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.weights.setFixedHeight(self.controls.follow.height())

    def restyle(self) -> None:
        super().restyle()
        for widget in self.findChildren(ModeBars) + self.findChildren(ReadOut):
            widget.update()

    # choices

    def save_state(self) -> dict[str, Any]:
        return {**super().save_state(), "live": self.weights.currentData()}

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        if isinstance(state.get("live"), bool):
            select(self.weights, state["live"])
            self._ask()


def decimals(value: float, count: int) -> str:
    """A value with so many decimals; a dash where there is none."""
    return "–" if isnan(value) else f"{value:.{count}f}"
