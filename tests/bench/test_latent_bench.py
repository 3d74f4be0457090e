"""``bench latent``: its parts are there, and a preset that there is not is refused in a sentence."""

import importlib
import json

import numpy as np
import pytest

from ganstudio.bench import latent
from ganstudio.bench.figure import Figure, as_json
from ganstudio.experiment.errors import StudioError


def test_an_unknown_preset_is_refused_before_anything_is_measured():
    with pytest.raises(StudioError, match="nothing-of-the-kind"):
        latent.measure("nothing-of-the-kind")


@pytest.mark.parametrize("part", latent.PARTS)
def test_every_part_has_figures(part):
    assert callable(importlib.import_module(f"ganstudio.bench.{part}").figures)


def test_figures_of_numpy_are_printed_too():
    printed = as_json("latent", [Figure("a", np.float32(0.5), "≤", 1.0), Figure("b", np.float64(2), "≥", 3.0)])
    assert [one["met"] for one in json.loads(printed)["figures"]] == [True, False]
