"""Real points to search among: a finite set as it is, of data without end a draw that is always the same."""

import dataclasses

import numpy as np
import torch

from ganstudio.experiment import files
from ganstudio.probes.points import DRAWN, HELD_OUT, PointsProbe
from ganstudio.training.trainer import Trainer


def test_points_without_end_are_drawn_alike_each_time_and_none_is_held_out_that_is_searched():
    trainer, state = Trainer(files.preset("ring-8")), torch.random.get_rng_state()
    before = trainer.sampler.state()
    one, two = (PointsProbe().frame(trainer) for _ in range(2))
    assert (one.points.shape, one.held_out.shape) == ((DRAWN, 2), (HELD_OUT, 2))
    assert one.points.tobytes() == two.points.tobytes()
    assert not {row.tobytes() for row in one.points} & {row.tobytes() for row in one.held_out}
    # Each mode of the ring has its share of them.
    shares = np.bincount(np.rint(np.arctan2(one.points[:, 1], one.points[:, 0]) * 4 / np.pi).astype(int) % 8) / DRAWN
    np.testing.assert_allclose(shares, 1 / 8, atol=0.015)
    assert torch.equal(state, torch.random.get_rng_state())
    assert trainer.sampler.state() == before


def test_a_finite_set_is_handed_over_whole():
    trainer = Trainer(files.preset("ring-8"))
    given = torch.arange(80.0).reshape(40, 2)
    trainer.data = dataclasses.replace(trainer.data, points=given)
    frame = PointsProbe().frame(trainer)
    np.testing.assert_array_equal(frame.points, given.numpy())
    assert frame.held_out is None


def test_images_are_no_points():
    assert PointsProbe().frame(Trainer(files.preset("mlp-mnist"))).points is None
