"""GAN Lab's four data sets come with the settings that GAN Lab has for each."""

import pytest

from ganstudio.experiment import files

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
    for player in (g, d):
        assert player.optimiser.kind == "sgd"
        assert player.network.params["activation"] == "relu"
        assert player.network.params["initial"] == "lecun-normal"
    assert g.network.params["output"] == "tanh"
