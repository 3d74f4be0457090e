"""The picture that a run on points leaves: real ones in grey, generated ones in colour."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.experiment import files
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.samples import png, samples
from ganstudio.runs.scatter import FAKE, SIDE, Scatter, drawn, scatter
from ganstudio.training.trainer import Trainer

ORANGE = np.array([int(FAKE[index : index + 2], 16) for index in (1, 3, 5)])


def coloured(picture: Image.Image) -> np.ndarray:
    """(H, W) bool: where generated points are."""
    return (np.abs(np.asarray(picture).astype(int) - ORANGE) < 30).all(2)


@pytest.mark.parametrize("preset", ["figure-1", "ring-8"])
def test_a_run_on_points_leaves_a_picture_and_is_not_changed_by_it(tmp_path, preset):
    torch.set_num_threads(1)
    trainer = Trainer(files.preset(preset))
    before = trainer.state()
    RunKeeper(tmp_path / "run").checkpoint(trainer, [], "asked", wait=True)
    after = trainer.state()
    assert all(torch.equal(tensor, after.tensors[name]) for name, tensor in before.tensors.items())
    assert after.numbers == before.numbers
    with Image.open(tmp_path / "run" / "samples.png") as picture:
        assert picture.size == (SIDE, SIDE)
        assert coloured(picture.convert("RGB")).any()
    assert png(samples(trainer)) == png(samples(trainer))
    assert Image.open(io.BytesIO(png(samples(trainer)))).format == "PNG"


def test_points_stand_where_they_are():
    density = scatter(Trainer(files.preset("ring-8"))).density
    (low, high), _ = density.extent
    at = np.array([[high / 2, high / 4]])  # half way to the right, a quarter of the way up, y upwards
    picture = coloured(drawn(Scatter(density, np.repeat(at, 9, 0)), 800))
    rows, columns = np.nonzero(picture)
    assert columns.mean() == pytest.approx(400 + 200 * high / -low, abs=3)
    assert rows.mean() == pytest.approx(400 - 100 * high / -low, abs=3)
    outside = drawn(Scatter(density, np.array([[99.0, 0.0], [np.nan, 0.0]])), 200)
    assert not coloured(outside).any()


def test_bars_on_the_number_line_are_as_high_as_the_density():
    density = scatter(Trainer(files.preset("figure-1"))).density
    generated = density.sample(50_000, torch.Generator().manual_seed(1)).double().numpy()
    picture = coloured(drawn(Scatter(density, generated), 400))
    top = np.nonzero(picture.any(1))[0].min()
    assert top == pytest.approx(400 * (1 - 1 / 1.25), abs=12)
