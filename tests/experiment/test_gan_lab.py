"""GAN Lab's four data sets come with the settings that GAN Lab has for each."""

import numpy as np
import pytest

from ganstudio.experiment import files
from ganstudio.experiment.registry import registry

registry.load()

SETTINGS = {
    # data: (noise, hidden of G, hidden of D, rate of G, rate of D, updates of D); GAN Lab counts one layer less
    "gan-lab-line": ("uniform", [5, 5], [6, 6], 0.01, 0.03, 2),
    "gan-lab-gaussians": ("normal", [8, 8], [8, 8], 0.03, 0.1, 2),
    "gan-lab-ring": ("uniform", [10, 10], [9, 9, 9], 0.03, 0.1, 3),
    "gan-lab-disjoint": ("normal", [10, 10, 10], [11, 11, 11], 0.03, 0.1, 1),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_presets_have_gan_labs_own_settings(name):
    preset = files.preset(name)
    g, d = preset.players["generator"], preset.players["discriminator"]
    found = (
        preset.noise.kind,
        g.network.params["hidden"],
        d.network.params["hidden"],
        g.optimiser.params["lr"],
        d.optimiser.params["lr"],
        d.updates,
    )
    assert found == SETTINGS[name]
    assert (g.updates, preset.batch_size, preset.objective.kind) == (1, 150, "non-saturating")
    assert preset.noise.params["dim"] == 2
    assert preset.noise.params.get("half_width") == (1.0 if preset.noise.kind == "uniform" else None)
    assert not preset.regularisers
    for player in (g, d):
        assert player.optimiser.kind == "sgd"
        assert (player.optimiser.params["momentum"], player.optimiser.params["final_momentum"]) == (0, 0)
        assert player.network.params["activation"] == "relu"
        assert player.network.params["initial"] == "lecun-normal"
    assert g.network.params["output"] == "tanh"


@pytest.mark.parametrize(
    ("name", "centres", "sigmas"),
    [
        # As in its source, in the unit square
        ("gan-lab-gaussians", [[0.3, 0.7], [0.7, 0.4]], [[0.1, 0.1], [0.05, 0.2]]),
        ("gan-lab-disjoint", [[0.35, 0.75], [0.75, 0.6], [0.45, 0.35]], [[0.025, 0.025]] * 3),
    ],
)
def test_its_gaussians_stand_where_it_has_them(name, centres, sigmas):
    density = registry.build("data", files.preset(name).data.kind, files.preset(name).data.params).density()
    np.testing.assert_allclose(density.centres, 2 * np.array(centres) - 1, atol=1e-12)
    np.testing.assert_allclose(np.broadcast_to(density.sigmas, (len(centres), 2)), 2 * np.array(sigmas), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("gan-lab-line", lambda t: [0.8 - 0.75 * t, 0.6 + 0.3 * t]),
        ("gan-lab-ring", lambda t: [0.5 + 0.3 * np.cos(2 * np.pi * t), 0.45 + 0.25 * np.sin(2 * np.pi * t)]),
    ],
)
def test_its_curves_run_where_it_has_them(name, curve):
    data = files.preset(name).data
    density = registry.build("data", data.kind, data.params).density()
    along = density.belonging(2 * np.stack(curve(np.linspace(0, 1, 50)), 1) - 1)
    assert density.sigmas.max() == pytest.approx({"gan-lab-line": 0.02, "gan-lab-ring": 0.05}[name])
    assert along.distance.max() < 0.6  # σ, from the nearest of the Gaussians of which the curve is made
