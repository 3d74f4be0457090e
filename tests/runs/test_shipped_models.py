"""Every preset ships a thumbnail and, where its data are images, weights that fit it."""

import pytest

from ganstudio.data.points import PointsSource
from ganstudio.experiment import files
from ganstudio.experiment.registry import registry
from ganstudio.runs.compose import model_of
from ganstudio.runs.models import load_model
from ganstudio.training.trainer import Trainer

OF_IMAGES = [
    name
    for name in files.presets()
    if not issubclass(registry.find("data", files.preset(name).data.kind), PointsSource)
]


@pytest.mark.parametrize("name", files.presets())
def test_a_preset_has_a_thumbnail(name):
    assert files.presets()[name].with_suffix(".png").is_file()


@pytest.mark.parametrize("name", OF_IMAGES)
def test_a_preset_has_weights_that_fit(name):
    path = model_of(name)
    assert path is not None
    trainer = Trainer(files.preset(name))
    before = trainer.weights_sha256()
    load_model(path, trainer)
    assert trainer.finite()
    assert trainer.weights_sha256() != before
