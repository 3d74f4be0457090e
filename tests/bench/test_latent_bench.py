"""``bench latent``: its parts are there, and a preset that there is not is refused in a sentence."""

import importlib

import pytest

from ganstudio.bench import latent
from ganstudio.experiment.errors import StudioError


def test_an_unknown_preset_is_refused_before_anything_is_measured():
    with pytest.raises(StudioError, match="nothing-of-the-kind"):
        latent.measure("nothing-of-the-kind")


@pytest.mark.parametrize("part", latent.PARTS)
def test_every_part_has_figures(part):
    assert callable(importlib.import_module(f"ganstudio.bench.{part}").figures)
