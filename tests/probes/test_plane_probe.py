"""The plane: D where it says, D* against brute force, arrows against finite differences, and no trace in the run."""

import copy
import time

import numpy as np
import pytest
import torch

from ganstudio.data.densities.mixture import Mixture
from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.games.objectives.base import Objective
from ganstudio.probes.plane import GENERATED, POINTS, PlaneProbe, directions, square
from ganstudio.probes.plane_optimum import BANDWIDTH, cell_masses, optimum, sample_masses, smoothed
from ganstudio.probes.points_view import PointsView
from ganstudio.training.commands import Open, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer

EVERYTHING = {"optimal": True, "manifold": True, "arrows": True}
EXTENT = ((-3.0, 3.0), (-3.0, 3.0))
CELLS = 48


def ring(*edits: tuple[str, object]) -> Experiment:
    experiment = files.preset("ring-8")
    small = (("batch_size", 16), ("noise.dim", 2), ("players.*.network.hidden", [16]))
    for path, value in (*small, *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def trained(*edits: tuple[str, object], steps: int = 3) -> Trainer:
    trainer = Trainer(ring(*edits))
    for _ in range(steps):
        trainer.step()
    return trainer


def middles(extent, cells: int = CELLS) -> np.ndarray:
    """(cells · cells, 2), y slowest."""
    x, y = (low + (np.arange(cells) + 0.5) / cells * (high - low) for low, high in extent)
    return np.stack([one.ravel() for one in np.meshgrid(x, y)], 1)


# what is in a frame


def test_the_heat_map_is_d_at_the_middles_of_the_cells():
    trainer = trained()
    plane = PlaneProbe().frame(trainer, cells=20).plane
    x = torch.from_numpy(middles(plane.extent, 20)).float()
    with torch.no_grad():
        expected = trainer.players["discriminator"].network(x).sigmoid().reshape(20, 20).numpy()
    np.testing.assert_allclose(plane.heat, expected, atol=1e-6)
    assert (plane.level, plane.span, plane.probability) == (0.5, 0.5, True)


def test_only_what_is_asked_for_is_there():
    trainer, probe = trained(), PlaneProbe()
    off = dict.fromkeys(("real", "generated", "heat"), False)
    bare = probe.frame(trainer, **off).plane
    fields = ("real", "generated", "scores", "heat", "optimal", "density", "manifold", "arrows")
    assert [name for name in fields if getattr(bare, name) is not None] == []
    full = probe.frame(trainer, **EVERYTHING).plane
    assert [name for name in fields if getattr(full, name) is None] == []
    assert full.real.shape == (POINTS, 2)
    assert full.generated.shape == (GENERATED, 2)
    assert full.arrows.shape == (GENERATED, 2, 2)


def test_points_stay_while_the_players_move():
    trainer, probe = trained(), PlaneProbe()
    first = probe.frame(trainer).plane
    trainer.step()
    second = probe.frame(trainer).plane
    assert second.real is first.real
    assert second.extent == first.extent
    moved = np.linalg.norm(second.generated - first.generated, axis=1)
    assert 0 < moved.max() < 0.5


def test_all_real_points_lie_in_the_extent_which_is_a_square():
    density = Mixture(np.array([[0.0, 0.0], [5.0, 1.0]]), 0.1)
    (left, right), (bottom, top) = square(density)
    assert right - left == pytest.approx(top - bottom)
    points = density.sample(5000, torch.Generator().manual_seed(0)).numpy()
    assert left < points[:, 0].min() < points[:, 0].max() < right
    assert bottom < points[:, 1].min() < points[:, 1].max() < top


def test_images_have_no_plane_and_a_z_of_more_numbers_no_manifold(make_trainer):
    assert PlaneProbe().frame(make_trainer()).plane is None
    assert PlaneProbe().frame(trained(("noise.dim", 3)), manifold=True).plane.manifold is None


@pytest.mark.parametrize("objective", ["least-squares", "wasserstein", "relativistic-average", "hinge"])
def test_a_critics_scale_holds_most_of_its_values_and_moves_by_leaps_only(objective):
    trainer, probe = trained(("objective", objective)), PlaneProbe()
    spans = []
    for _ in range(8):
        plane = probe.frame(trainer).plane
        inside = np.abs(plane.heat - plane.level) <= plane.span
        assert not plane.probability
        assert inside.mean() > 0.85
        spans.append(plane.span)
        trainer.step()
    assert len(set(spans)) <= 3
    if objective == "least-squares":
        assert plane.level == 0.5


# D*


def test_the_optimum_is_that_of_the_known_densities():
    data = Mixture(np.array([[-1.0, 0.0], [1.0, 0.5]]), 0.5)
    fake = Mixture(np.array([[0.3, -0.2]]), 0.8)
    drawn = fake.sample(400_000, torch.Generator().manual_seed(3)).numpy()
    found = optimum(
        smoothed(cell_masses(data, EXTENT, CELLS)), smoothed(sample_masses(drawn, EXTENT, CELLS)), real_target=1.0
    )
    x = middles(EXTENT)
    p, q = data.density(x), fake.density(x)
    expected = (p / (p + q)).reshape(CELLS, CELLS)
    clear = (p + q).reshape(CELLS, CELLS) > 0.02
    assert np.abs(found - expected)[clear].max() < 0.05
    assert np.abs(found - expected)[clear].mean() < 0.008


def test_modes_narrower_than_a_cell_are_compared_under_one_kernel():
    sigma, cell = 0.03, 6.0 / CELLS
    data, fake = Mixture(np.array([[0.41, -0.73]]), sigma), Mixture(np.array([[0.55, -0.73]]), sigma)
    masses = [smoothed(cell_masses(one, EXTENT, CELLS)) for one in (data, fake)]
    found = optimum(*masses, real_target=1.0)
    # A cell's own breadth, that of a uniform distribution, blurs as well.
    blurred = np.sqrt(sigma**2 + cell**2 * (BANDWIDTH**2 + 1 / 12))
    p, q = (Mixture(one.centres, blurred).density(middles(EXTENT)).reshape(CELLS, CELLS) for one in (data, fake))
    near = p + q > 0.05 * (p + q).max()
    assert np.abs(found[near] - (p / (p + q + 1e-300))[near]).max() < 0.06


def test_all_of_the_datas_mass_lies_in_the_cells():
    ring_of_8 = trained().data.density
    assert cell_masses(ring_of_8, square(ring_of_8), 56).sum() == pytest.approx(1, abs=1e-3)


def test_where_nothing_lies_the_optimum_is_open_and_smoothing_scales_it():
    trainer = trained(("regularisers.label-smoothing.real_target", 0.9))
    plane = PlaneProbe().frame(trainer, optimal=True).plane
    known = np.isfinite(plane.optimal)
    assert 0.05 < known.mean() < 1
    assert plane.optimal[known].max() == pytest.approx(0.9, abs=1e-6)
    assert plane.optimal[known].min() >= 0


# arrows


@pytest.mark.parametrize(
    "objective", ["non-saturating", "saturating", "maximum-likelihood", "least-squares", "relativistic-average"]
)
def test_arrows_are_minus_the_slope_of_gs_loss_by_finite_differences(objective):
    trainer = trained(("objective", objective))
    view = PointsView(trainer)
    view.refresh(trainer)
    made = view.generated(view.z(12))
    real = trainer.data.density.sample(40, torch.Generator().manual_seed(5)).numpy()
    arrows, logits = directions(view, made, real)
    np.testing.assert_allclose(logits, view.logits(made), atol=1e-6)
    exact = copy.deepcopy(view.discriminator).double()
    game: Objective = view.objective

    def loss(x: np.ndarray) -> float:
        with torch.no_grad():
            scores = (exact(torch.from_numpy(one).double()) for one in (real, x))
            return float(game.generator_loss(*scores))

    step = 1e-5
    for point in range(len(made)):
        for axis in (0, 1):
            plus, minus = made.copy(), made.copy()
            plus[point, axis] += step
            minus[point, axis] -= step
            slope = (loss(plus) - loss(minus)) / (2 * step)
            assert arrows[point, 1, axis] == pytest.approx(-len(made) * slope, rel=2e-3, abs=2e-5)
    np.testing.assert_allclose(arrows[:, 0], made, rtol=1e-6)


def test_along_its_arrow_a_sample_looks_more_real():
    trainer = trained(steps=30)
    view = PointsView(trainer)
    view.refresh(trainer)
    plane = PlaneProbe().frame(trainer, arrows=True).plane
    start, way = plane.arrows[:, 0].astype(np.float64), plane.arrows[:, 1]
    assert (view.scores(start + 1e-3 * way) >= view.scores(start) - 1e-6).all()


# law 1


@pytest.mark.parametrize("edits", [(), (("objective", "relativistic-average"),), (("noise.dim", 1),)], ids=str)
def test_a_look_leaves_trainer_and_generators_as_they_are(edits):
    watched, alone, probe = trained(*edits), trained(*edits), PlaneProbe()
    before = torch.get_rng_state()
    for _ in range(3):
        compute = probe.look(watched, **EVERYTHING)
        watched.step()  # beside the computation
        compute()
        alone.step()
    assert torch.equal(torch.get_rng_state(), before)
    assert watched.weights_sha256() == alone.weights_sha256()


def test_a_frame_shows_the_state_that_was_looked_at_though_training_has_gone_on():
    trainer, probe = trained(), PlaneProbe()
    at_once = probe.frame(trainer, **EVERYTHING)
    compute = probe.look(trainer, **EVERYTHING)
    trainer.step()
    later = compute()
    assert later.step == at_once.step
    for name in ("generated", "scores", "heat", "optimal", "arrows"):
        np.testing.assert_array_equal(getattr(later.plane, name), getattr(at_once.plane, name))


@pytest.mark.parametrize(("seed", "steps"), [(1, 40), (2, 60), (3, 25)])
def test_a_watched_session_ends_as_an_unwatched_one(seed, steps):
    def run(watched: bool) -> tuple[str, int]:
        session = Session(probes=lambda: {"plane": PlaneProbe}, device="cpu", threads=1)
        mailbox = session.subscribe("plane", **EVERYTHING) if watched else None
        for command in (Open(experiment=ring(("seed", seed), ("steps", steps))), Train()):
            session.post(command)
        session.start()
        end = time.monotonic() + 60
        while session.status.phase != "stopped" or (mailbox is not None and not mailbox.taken):
            assert time.monotonic() < end
            if mailbox is not None:
                mailbox.take()
            time.sleep(0.001)
        assert session.close()
        return session.weights_sha256(), 0 if mailbox is None else mailbox.taken

    (alone, _), (watched, frames) = run(False), run(True)
    assert watched == alone
    assert frames >= 1
