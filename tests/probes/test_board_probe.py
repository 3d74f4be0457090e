"""The board's frame: what the pipeline holds, whose part it is, and that looking changes nothing."""

from math import isnan

import numpy as np
import pytest
import torch
from condition import condition

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes.board import POINTS, SHOWN, BoardFrame, BoardProbe
from ganstudio.training.trainer import Trainer

D, G = "discriminator", "generator"
IMAGES = ("dcgan-mnist", ("data", "pixel-faces"), ("players.*.network.width", 4))
PLANE = ("ring-8", ("players.*.network.hidden", [8]))
LINE = ("figure-1", ("players.*.network.hidden", [8]))
SIMULTANEOUS = ("game.params.order", "simultaneous")


def trainer_of(preset: str, *edits: tuple[str, object], steps: int = 0) -> Trainer:
    experiment = files.preset(preset)
    for path, value in (("batch_size", 16), *edits):
        experiment, _ = change(experiment, path, value)
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    trainer.flush()
    return trainer


def looked(trainer: Trainer) -> BoardFrame:
    return BoardProbe().frame(trainer)


@pytest.mark.parametrize("made", [IMAGES, PLANE, LINE], ids=["images", "plane", "line"])
def test_a_look_between_any_two_parts_changes_nothing(made):
    watched, alone = trainer_of(*made), trainer_of(*made)
    probe = BoardProbe()
    for _ in range(5):
        before = condition(watched)
        probe.frame(watched)
        assert condition(watched) == before
        watched.play_next()
        alone.play_next()
    assert watched.weights_sha256() == alone.weights_sha256()


def test_of_images_it_shows_thumbnails_and_their_scores():
    trainer = trainer_of(*IMAGES, steps=2)
    frame = looked(trainer)
    assert frame.fake_points is None
    assert frame.fake.count == frame.real.count == SHOWN
    assert frame.z.shape == (SHOWN, trainer.noise.config.dim)
    assert frame.probability
    for scores in (frame.fake_scores, frame.real_scores):
        assert scores.shape == (SHOWN,)
        assert ((scores > 0) & (scores < 1)).all()


@pytest.mark.parametrize(("made", "dim"), [(PLANE, 2), (LINE, 1)], ids=["plane", "line"])
def test_of_points_it_shows_g_of_z_and_ds_score_of_them(made, dim):
    trainer = trainer_of(*made, steps=2)
    frame = looked(trainer)
    assert frame.fake is None
    assert frame.real_points.shape == frame.fake_points.shape == (POINTS, dim)
    assert len(frame.extent) == dim
    network = trainer.players[G].network.eval()
    with torch.no_grad():
        x = network(torch.from_numpy(frame.z))
        scores = trainer.players[D].network.eval()(x).sigmoid()
    np.testing.assert_allclose(frame.fake_points[:SHOWN], x, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(frame.fake_scores, scores, rtol=1e-4)


def test_scores_that_depend_on_their_batch_are_those_of_ds_last_one():
    """In evaluation mode a young D with batch norm says something else than what it is taught by."""
    trainer = trainer_of(*IMAGES)
    assert np.isnan(looked(trainer).fake_scores).all()
    trainer.step()
    logits = trainer.moment.fake_logits[:SHOWN]
    np.testing.assert_allclose(looked(trainer).fake_scores, logits.sigmoid(), rtol=1e-6)


def test_inputs_and_real_samples_stay_and_g_moves():
    trainer, probe = trainer_of(*PLANE), BoardProbe()
    first = probe.frame(trainer)
    kept = first.fake_points.copy()
    trainer.step()
    second = probe.frame(trainer)
    np.testing.assert_array_equal(first.z, second.z)
    assert first.real_points is second.real_points
    np.testing.assert_array_equal(first.fake_points, kept)
    assert not np.array_equal(first.fake_points, second.fake_points)


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ((), [("", D, 0), (D, G, 1), (G, D, 2), (D, G, 3)]),
        ((("game.params.order", "generator first"),), [("", G, 0), (G, D, 1), (D, G, 2), (G, D, 3)]),
        ((SIMULTANEOUS,), [("", f"{G}+{D}", 0), *((f"{G}+{D}", f"{G}+{D}", i) for i in (1, 2, 3))]),
    ],
    ids=["D first", "G first", "simultaneous"],
)
def test_it_knows_whose_part_was_played_and_whose_comes(edits, told):
    trainer, probe = trainer_of(*PLANE, *edits), BoardProbe()
    found = []
    for _ in range(4):
        frame = probe.frame(trainer)
        found.append((frame.played, frame.upcoming, frame.count))
        trainer.play_next()
    assert found == told


def test_numbers_are_those_of_the_part_played_last():
    trainer = trainer_of(*PLANE)
    assert isnan(looked(trainer).moves[D].loss)
    trainer.play_next()
    frame, metrics = looked(trainer), dict(trainer.moment.metrics)
    assert frame.moves[D].loss == float(metrics["loss.discriminator"])
    assert frame.moves[D].gradient == float(metrics["gradient.discriminator"])
    assert frame.means == (float(metrics["score.real"]), float(metrics["score.fake"]))
    assert frame.penalty == float(metrics["penalty"])
    assert isnan(frame.moves[G].loss)
    trainer.play_next()
    trainer.flush()
    frame = looked(trainer)
    assert frame.moves[G].loss == pytest.approx(trainer.history.latest("loss.generator"))
    assert frame.moves[D].loss == pytest.approx(float(metrics["loss.discriminator"]))


def test_a_critic_is_told_as_one():
    frame = looked(trainer_of(*PLANE, ("objective", "relativistic-average"), ("k", 2), steps=1))
    assert (frame.probability, frame.relativistic, frame.moves[D].updates) == (False, True, 2)
    assert frame.formula.startswith("D̃(x)")
