"""What a person chooses for every inversion: how a picture is fitted, how likely z must be, what the residual shows."""

from collections.abc import Callable
from typing import Any

from ganstudio.latent.inversion import FITS, LIKELY
from ganstudio.ui.widgets.controls import choice, select

BACKGROUNDS = {"white": (255, 255, 255), "grey": (128, 128, 128), "black": (0, 0, 0)}


class InversionChoices:
    """``again`` is called when another search is wanted, ``residual`` when the residual is to be drawn otherwise."""

    def __init__(self, again: Callable[[], object], residual: Callable[[], object]):
        self.fit = choice(
            "Fit of the picture",
            "How a picture of another shape is brought to G's: its centre, the whole with bars, or stretched",
            [(fit.capitalize(), fit) for fit in FITS],
            again,
        )
        self.background = choice(
            "Background",
            "Colour behind transparent pixels, and of the bars beside a padded picture",
            [(f"on {name}", name) for name in BACKGROUNDS],
            again,
        )
        self.negative = choice(
            "Bright and dark",
            "A picture as it is, or with bright and dark exchanged: ink on paper for a generator of white digits",
            [("As it is", False), ("Negative", True)],
            again,
        )
        self.likely = choice(
            "How likely z must be",
            "Any z may come closest to a strange picture; a z that looks like a drawn one is better to go on from. "
            "z of a bounded prior stays within its bounds in any case",
            [("Any z", 0.0), ("Likely z", LIKELY), ("Very likely z", 10 * LIKELY)],
            again,
        )
        select(self.likely, LIKELY)
        self.signed = choice(
            "Residual",
            "Signed: orange where G(z) is brighter than the target, blue where it is darker. Absolute: how far off",
            [("Signed residual", True), ("Absolute residual", False)],
            residual,
        )
        for box, least in ((self.likely, 70), (self.signed, 80)):
            box.setMinimumWidth(least)  # in a narrow panel their words are cut off rather than the panel's width kept

    def show_for(self, points: bool) -> None:
        """Of points there is nothing to fit."""
        for box in (self.fit, self.background, self.negative, self.signed):
            box.setVisible(not points)

    def save_state(self) -> dict[str, Any]:
        """All choices as plain values."""
        return {
            "fit": self.fit.currentData(),
            "background": self.background.currentData(),
            "negative": self.negative.currentData(),
            "likely": self.likely.currentData(),
            "signed": self.signed.currentData(),
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up choices; what is none of them is ignored."""
        select(self.fit, state.get("fit"))
        select(self.background, state.get("background"))
        select(self.negative, state.get("negative"))
        select(self.likely, state.get("likely"))
        select(self.signed, state.get("signed"))
