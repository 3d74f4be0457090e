"""Regularisers, constraints and augmentations: neutral by default, and each does what its formula says."""

import pytest
import torch
from torch import nn

from ganstudio.experiment.component import is_live
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.games.regularisers.diff_augment import cut_out, recoloured, translated
from ganstudio.games.regularisers.shift import shifted

ROOMS = ("regulariser", "constraint", "augmentation")
ON = {
    "label-smoothing": {"real_target": 0.9},
    "r1": {"gamma": 10},
    "gradient-penalty": {"weight": 10},
    "instance-noise": {"sigma": 0.1},
    "diff-augment": {"colour": 1, "translation": 0.125, "cutout": 0.5},
    "weight-clipping": {"limit": 0.01},
    "flip": {"probability": 0.5},
    "shift": {"pixels": 2},
}
NAMES = [(room, kind) for room in ROOMS for kind in registry.kinds(room) if kind in ON]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(count: int = 6, channels: int = 3, side: int = 8, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.rand(count, channels, side, side, generator=rng(1), dtype=dtype) * 2 - 1


def critic(inputs: int) -> nn.Module:
    """A small smooth D in double precision."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = nn.Sequential(nn.Flatten(), nn.Linear(inputs, 7), nn.Tanh(), nn.Linear(7, 1), nn.Flatten(0))
    return network.double()


def test_every_kind_is_found():
    assert {kind for _, kind in NAMES} == set(ON)


@pytest.mark.parametrize(("room", "kind"), NAMES)
def test_neutral_by_default_and_live_throughout(room, kind):
    found = registry.find(room, kind)
    assert not found().active
    assert registry.build(room, kind, ON[kind]).active
    assert all(is_live(field) for field in found.Config.model_fields.values())
    assert found.title
    assert found.description


@pytest.mark.parametrize(
    ("room", "kind", "params"),
    [
        ("regulariser", "label-smoothing", {"real_target": 0.4}),
        ("regulariser", "label-smoothing", {"real_target": 1.1}),
        ("regulariser", "r1", {"gamma": -1}),
        ("regulariser", "gradient-penalty", {"weight": -1}),
        ("regulariser", "instance-noise", {"sigma": -0.1}),
        ("regulariser", "instance-noise", {"decay_steps": -1}),
        ("regulariser", "diff-augment", {"cutout": 2}),
        ("constraint", "weight-clipping", {"limit": -0.01}),
        ("augmentation", "flip", {"probability": 1.5}),
        ("augmentation", "shift", {"pixels": -1}),
    ],
)
def test_values_outside_the_range_are_refused_by_name(room, kind, params):
    with pytest.raises(StudioError, match="must be") as caught:
        registry.build(room, kind, params, f"{room}.{kind}")
    assert caught.value.field == f"{room}.{kind}.{next(iter(params))}"


def test_label_smoothing_lowers_the_real_target_alone():
    smoothing = registry.build("regulariser", "label-smoothing", {"real_target": 0.9})
    x = images()
    assert smoothing.real_target() == 0.9
    assert smoothing.discriminator_input(x, 0, rng()) is x
    assert smoothing.penalty(critic(192), x, x, rng()) is None


def test_r1_of_a_linear_critic_has_a_closed_form():
    network = nn.Sequential(nn.Flatten(), nn.Linear(192, 1), nn.Flatten(0)).double()
    r1 = registry.build("regulariser", "r1", {"gamma": 10})
    x = images(dtype=torch.float64)
    penalty = r1.penalty(network, x, -x, rng())
    weight = network[1].weight
    torch.testing.assert_close(penalty, 5 * weight.square().sum())
    torch.testing.assert_close(torch.autograd.grad(penalty, weight)[0], 10 * weight)


def test_r1_equals_finite_differences():
    network, x = critic(12), images(3, 3, 2, torch.float64)
    r1 = registry.build("regulariser", "r1", {"gamma": 0.7})
    step, slopes = 1e-6, torch.zeros(3, 12, dtype=torch.float64)
    for index in range(12):
        nudge = torch.zeros(12, dtype=torch.float64)
        nudge[index] = step
        nudge = nudge.view(1, 3, 2, 2)
        slopes[:, index] = ((network(x + nudge) - network(x - nudge)) / (2 * step)).detach()
    found = r1.penalty(network, x, x, rng())
    torch.testing.assert_close(found.detach(), 0.35 * slopes.square().sum(1).mean(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", ["r1", "gradient-penalty"])
def test_penalties_train_the_weights_as_finite_differences_say(kind):
    network, x = critic(12), images(4, 3, 2, torch.float64)
    regulariser = registry.build("regulariser", kind, ON[kind])
    assert regulariser.needs_uncoupled_batch

    def penalty() -> torch.Tensor:
        return regulariser.penalty(network, x, 0.3 * x, rng(5))

    weight = network[1].weight
    (slope,) = torch.autograd.grad(penalty(), weight)
    for row, column in [(0, 0), (3, 5), (6, 11)]:
        values = []
        for step in (1e-5, -1e-5):
            with torch.no_grad():
                weight[row, column] += step
            values.append(penalty().item())
            with torch.no_grad():
                weight[row, column] -= step
        assert slope[row, column].item() == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-4)


def test_gradient_penalty_vanishes_for_a_critic_of_slope_one():
    network = nn.Sequential(nn.Flatten(), nn.Linear(192, 1), nn.Flatten(0)).double()
    penalty = registry.build("regulariser", "gradient-penalty", {"weight": 10})
    x = images(dtype=torch.float64)
    weight = network[1].weight
    norm = weight.norm()
    torch.testing.assert_close(penalty.penalty(network, x, -x, rng()), 10 * (norm - 1) ** 2)
    with torch.no_grad():
        weight /= norm
    assert penalty.penalty(network, x, -x, rng()).item() == pytest.approx(0, abs=1e-12)


def test_gradient_penalty_looks_between_real_and_fake_with_the_given_generator():
    seen = []

    class Spy(nn.Module):
        def forward(self, x):
            seen.append(x.detach())
            return x.square().sum((1, 2, 3))

    penalty = registry.build("regulariser", "gradient-penalty", {"weight": 1})
    real, fake = torch.ones(200, 1, 2, 2), torch.full((200, 1, 2, 2), -1.0)
    penalty.penalty(Spy(), real, fake, rng(3))
    penalty.penalty(Spy(), real, fake, rng(3))
    assert torch.equal(seen[0], seen[1])
    assert torch.equal(seen[0].amax((1, 2, 3)), seen[0].amin((1, 2, 3)))  # one share for a whole sample
    shares = seen[0][:, 0, 0, 0]
    assert shares.abs().max() <= 1
    assert abs(shares.mean()) < 0.15
    assert 0.5 < shares.std() < 0.65  # U(−1, 1) has 0.577


def test_a_critic_that_is_flat_somewhere_gets_a_finite_penalty():
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 1), nn.ReLU(), nn.Flatten(0))
    nn.init.zeros_(network[1].weight)
    nn.init.constant_(network[1].bias, -1)
    penalty = registry.build("regulariser", "gradient-penalty", {"weight": 10}).penalty(
        network, images(4, 3, 2), images(4, 3, 2), rng()
    )
    assert penalty.item() == pytest.approx(10)
    assert torch.autograd.grad(penalty, network[1].weight)[0].isfinite().all()


def test_instance_noise_has_the_variance_asked_for_and_fades():
    noise = registry.build("regulariser", "instance-noise", {"sigma": 0.5, "decay_steps": 100})
    x = torch.zeros(16, 3, 32, 32)
    for step, sigma in [(0, 0.5), (50, 0.25), (90, 0.05)]:
        shown = noise.discriminator_input(x, step, rng(step))
        assert shown.std().item() == pytest.approx(sigma, rel=0.02)
        assert abs(shown.mean().item()) < sigma / 50
    assert noise.discriminator_input(x, 100, rng()) is x
    assert noise.discriminator_input(x, 1000, rng()) is x
    steady = registry.build("regulariser", "instance-noise", {"sigma": 0.5})
    assert steady.discriminator_input(x, 10**6, rng()).std().item() == pytest.approx(0.5, rel=0.02)


def test_instance_noise_works_on_points():
    noise = registry.build("regulariser", "instance-noise", {"sigma": 1})
    assert noise.discriminator_input(torch.zeros(4000, 2), 0, rng()).std().item() == pytest.approx(1, rel=0.05)


def test_clipping_bounds_every_weight_and_leaves_small_ones():
    network = critic(12)
    before = [parameter.detach().clone() for parameter in network.parameters()]
    registry.build("constraint", "weight-clipping", {"limit": 0.05}).apply(network)
    for parameter, old in zip(network.parameters(), before, strict=True):
        assert parameter.abs().max() <= 0.05
        assert parameter.requires_grad
        assert torch.equal(parameter[old.abs() <= 0.05], old[old.abs() <= 0.05])


def test_flips_mirror_the_share_asked_for():
    x = images(400)
    always = registry.build("augmentation", "flip", {"probability": 1}).apply(x, rng())
    assert torch.equal(always, x.flip(-1))
    some = registry.build("augmentation", "flip", {"probability": 0.25}).apply(x, rng())
    mirrored = (some == x.flip(-1)).flatten(1).all(1)
    left = (some == x).flatten(1).all(1)
    assert torch.all(mirrored ^ left)
    assert mirrored.float().mean().item() == pytest.approx(0.25, abs=0.07)


def test_shifts_move_whole_pixels_and_repeat_the_edge():
    x = torch.arange(9.0).view(1, 1, 3, 3)
    moved = shifted(x, torch.tensor([1]), torch.tensor([-1]))
    assert moved[0, 0].tolist() == [[1, 2, 2], [1, 2, 2], [4, 5, 5]]
    assert torch.equal(shifted(x, torch.tensor([0]), torch.tensor([0])), x)
    shift = registry.build("augmentation", "shift", {"pixels": 2})
    cross = torch.zeros(300, 1, 9, 9)
    cross[:, :, 4, 4] = 1
    where = shift.apply(cross, rng()).flatten(1).argmax(1)
    assert set((where // 9 - 4).tolist()) == {-2, -1, 0, 1, 2}
    assert set((where % 9 - 4).tolist()) == {-2, -1, 0, 1, 2}


def test_translation_brings_in_zeros():
    x = torch.ones(300, 2, 16, 16)
    moved = translated(x, 0.125, rng())
    lost_rows = 16 - moved.amax((1, 3)).sum(1)
    assert set(lost_rows.tolist()) == {0, 1, 2}
    assert set(moved.unique().tolist()) == {0, 1}


def test_cutout_removes_a_square_that_may_stick_out():
    holes = 1 - cut_out(torch.ones(400, 2, 16, 16), 0.5, rng())
    areas = holes[:, 0].sum((1, 2))
    assert areas.max() == 64
    assert areas.min() < 64
    assert torch.equal(holes[:, 0], holes[:, 1])
    everywhere = holes[:, 0].mean(0)
    assert everywhere.min() > 0
    torch.testing.assert_close(everywhere, everywhere.flip(0, 1), atol=0.15, rtol=0)


def test_recolouring_keeps_shapes_of_grey_and_colour_and_its_strength_scales_it():
    for channels in (1, 3):
        x = images(64, channels)
        full, weak = recoloured(x, 1.0, rng(2)), recoloured(x, 0.1, rng(2))
        assert full.shape == x.shape
        assert (weak - x).abs().mean() < 0.2 * (full - x).abs().mean()
        shift = (full - x).mean((1, 2, 3))
        assert shift.abs().max() <= 0.5 + 1e-5  # only brightness moves the mean
        assert shift.std().item() == pytest.approx(1 / 12**0.5, rel=0.3)


def test_diff_augment_is_differentiable():
    augment = registry.build("regulariser", "diff-augment", ON["diff-augment"])
    few = images(2, 3, 4, torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: augment.discriminator_input(x, 0, rng(4)), few)
    x = images(dtype=torch.float64).requires_grad_()
    (slope,) = torch.autograd.grad(augment.discriminator_input(x, 0, rng(4)).sum(), x)
    assert slope.isfinite().all()
    assert slope.any()


def test_diff_augment_with_one_policy_leaves_the_others_out():
    x = images(8, 3, 16)
    shown = registry.build("regulariser", "diff-augment", {"cutout": 0.5}).discriminator_input(x, 0, rng())
    assert torch.all((shown == x) | (shown == 0))


def test_what_moves_pixels_needs_images_and_nothing_else_does():
    rooms = ("regulariser", "augmentation")
    needing = {kind for room in rooms for kind, found in registry.kinds(room).items() if found.needs_images}
    assert needing == {"diff-augment", "flip", "shift"}


@pytest.mark.parametrize(("room", "kind"), NAMES)
def test_randomness_comes_from_the_given_generator_alone(room, kind):
    found = registry.build(room, kind, ON[kind])
    x, before = images(), torch.get_rng_state()
    results = []
    for _ in range(2):
        if room == "constraint":
            found.apply(critic(192))
        elif room == "augmentation":
            results.append(found.apply(x, rng(9)))
        else:
            results.append(found.discriminator_input(x, 0, rng(9)))
            found.penalty(critic(192).float(), x, x, rng(9))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(results[0], other) for other in results[1:])


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize(("room", "kind"), NAMES)
def test_works_with_generator_and_batch_on_the_gpu(room, kind):
    found = registry.build(room, kind, ON[kind])
    generator = torch.Generator("cuda").manual_seed(0)
    x, network = images().cuda(), critic(192).float().cuda()
    if room == "constraint":
        found.apply(network)
    elif room == "augmentation":
        assert found.apply(x, generator).is_cuda
    else:
        assert found.discriminator_input(x, 0, generator).is_cuda
        penalty = found.penalty(network, x, -x, generator)
        assert penalty is None or penalty.is_cuda
