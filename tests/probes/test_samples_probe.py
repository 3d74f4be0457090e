"""Samples of fixed inputs: what G makes of them, tile by tile."""

import numpy as np
import pytest
import torch

from ganstudio.networks.network import Shapes
from ganstudio.probes.mirror import Mirror
from ganstudio.probes.samples import CHUNK, SamplesFrame, SamplesProbe
from ganstudio.probes.tiles import Tiles, bytes_of


def tile(tiles: Tiles, index: int) -> np.ndarray:
    """One tile cut out of the grid."""
    row, column = divmod(index, tiles.columns)
    top, left = row * (tiles.height + tiles.gap), column * (tiles.width + tiles.gap)
    return tiles.picture[top : top + tiles.height, left : left + tiles.width]


def assert_shows(frame: SamplesFrame, network: torch.nn.Module) -> None:
    """Every tile is what the network makes of its input."""
    with torch.no_grad():
        x = torch.cat([network(part) for part in torch.from_numpy(frame.z).split(CHUNK)])
    for index, image in enumerate(bytes_of(x)):
        np.testing.assert_array_equal(tile(frame.tiles, index), np.broadcast_to(image, (*image.shape[:2], 3)))


@pytest.mark.parametrize("tiles", [1, 16, 36, 64, 100, 144, 196, 256])
def test_tiles_are_the_averages_images(make_trainer, tiles):
    trainer = make_trainer()
    frame = SamplesProbe().frame(trainer, tiles=tiles)
    assert (frame.tiles.count, len(frame.z)) == (tiles, tiles)
    assert (frame.step, frame.trainer, frame.complete) == (2, "main", True)
    assert_shows(frame, trainer.average.network)


@pytest.mark.parametrize("columns", [1, 7, 36, 50])
def test_in_any_number_of_columns(make_trainer, columns):
    trainer = make_trainer()
    frame = SamplesProbe().frame(trainer, tiles=36, columns=columns)
    assert frame.tiles.columns == columns
    assert_shows(frame, trainer.average.network)


def test_in_colour(make_trainer):
    trainer = make_trainer(("data.kind", "pixel-faces"))
    frame = SamplesProbe().frame(trainer, tiles=16)
    assert_shows(frame, trainer.average.network)
    assert np.ptp(frame.tiles.picture, axis=2).any()


def test_live_weights(make_trainer):
    trainer = make_trainer()
    frame = SamplesProbe().frame(trainer, tiles=16, live=True)
    assert_shows(frame, Mirror(trainer.players["generator"].network).network)


def test_scores_are_those_of_d_in_evaluation_mode(make_trainer, make):
    trainer = make_trainer(*make)
    frame = SamplesProbe().frame(trainer, tiles=36, scores=True)
    judge = Mirror(trainer.players["discriminator"].network).network
    with torch.no_grad():
        parts = torch.from_numpy(frame.z).split(CHUNK)
        logits = torch.cat([judge(trainer.average.network(part)) for part in parts])
    np.testing.assert_allclose(frame.scores, trainer.objective.score(logits).numpy(), atol=1e-6)
    assert frame.probability == trainer.objective.probability


def test_no_scores_unless_asked(make_trainer):
    assert SamplesProbe().frame(make_trainer()).scores is None


def test_the_same_state_gives_the_same_frame(make_trainer):
    trainer, probe = make_trainer(), SamplesProbe()
    first = probe.frame(trainer, scores=True)
    for other in (probe.frame(trainer, scores=True), SamplesProbe().frame(trainer, scores=True)):
        np.testing.assert_array_equal(other.tiles.picture, first.tiles.picture)
        np.testing.assert_array_equal(other.z, first.z)
        np.testing.assert_array_equal(other.scores, first.scores)


def test_a_tile_keeps_its_input(make_trainer):
    trainer = make_trainer()
    many = SamplesProbe().frame(trainer, tiles=256).z
    trainer.step()
    np.testing.assert_array_equal(SamplesProbe().frame(trainer, tiles=36, live=True).z, many[:36])


def test_inputs_follow_from_the_seed_and_the_prior(make_trainer):
    z = SamplesProbe().frame(make_trainer(steps=0)).z
    assert not np.array_equal(SamplesProbe().frame(make_trainer(("seed", 9), steps=0)).z, z)
    uniform = SamplesProbe().frame(make_trainer(("noise", "uniform"), steps=0)).z
    assert np.abs(uniform).max() <= 3**0.5


def test_an_edited_prior_gives_other_inputs(make_trainer):
    trainer, probe = make_trainer(), SamplesProbe()
    probe.frame(trainer)
    trainer.edit("noise.kind", "uniform")
    trainer.edit("noise.half_width", 0.5)
    assert np.abs(probe.frame(trainer).z).max() <= 0.5


def test_another_draw_leaves_pinned_inputs_in_place(make_trainer):
    trainer, probe = make_trainer(), SamplesProbe()
    before = probe.frame(trainer)
    pinned = {5: before.z[5].copy(), 300: before.z[0].copy()}
    frame = probe.frame(trainer, draw=1, pinned=pinned)
    assert frame.z[5].tobytes() == before.z[5].tobytes()
    assert not (frame.z[:5] == before.z[:5]).any()
    np.testing.assert_array_equal(tile(frame.tiles, 5), tile(before.tiles, 5))
    assert_shows(frame, trainer.average.network)


def test_pins_of_another_experiment_are_left_out(make_trainer):
    trainer = make_trainer()
    frame = SamplesProbe().frame(trainer, pinned={0: np.zeros(3, np.float32)})
    np.testing.assert_array_equal(frame.z, SamplesProbe().frame(trainer).z)


def test_while_it_runs_a_frame_renews_a_part_and_at_rest_all(make_trainer):
    trainer, probe = make_trainer(), SamplesProbe()
    shown = [probe.frame(trainer).tiles]
    complete = []
    for _ in range(3):
        for _ in range(3):
            trainer.step()
        frame = probe.frame(trainer)
        shown.append(frame.tiles)
        complete.append(frame.complete)
    assert complete == [False] * 3
    for turn in range(3):
        changed = [i for i in range(64) if not np.array_equal(tile(shown[turn], i), tile(shown[turn + 1], i))]
        assert changed
        assert {index // CHUNK for index in changed} == {turn}
    rest = [probe.frame(trainer) for _ in range(3)]
    assert [frame.complete for frame in rest] == [False, False, True]
    assert_shows(rest[-1], trainer.average.network)


def test_one_players_part_of_a_step_is_seen(make_trainer):
    trainer, probe = make_trainer(("order", "generator first")), SamplesProbe()
    probe.frame(trainer, tiles=16, live=True)
    trainer.play_next()
    assert_shows(probe.frame(trainer, tiles=16, live=True), Mirror(trainer.players["generator"].network).network)


def test_points_have_no_images(make_trainer):
    trainer = make_trainer(steps=0)
    trainer.shapes = Shapes(64, (2,))
    frame = SamplesProbe().frame(trainer)
    assert frame.tiles is None
    assert frame.complete


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_inputs_are_the_same_on_another_device(make_trainer):
    trainer = make_trainer(steps=0)
    from ganstudio.training.trainer import Trainer

    there = Trainer(trainer.experiment, "cuda")
    there.step()
    frame = SamplesProbe().frame(there, scores=True, live=True)
    np.testing.assert_array_equal(frame.z, SamplesProbe().frame(trainer).z)
    assert np.isfinite(frame.scores).all()
