"""Every preset ships weights that fit it."""

import pytest

from ganstudio.experiment import files
from ganstudio.runs.compose import model_of
from ganstudio.runs.models import load_model
from ganstudio.training.trainer import Trainer


@pytest.mark.parametrize("name", files.presets())
def test_a_preset_has_weights_that_fit(name):
    path = model_of(name)
    assert path is not None
    trainer = Trainer(files.preset(name))
    before = trainer.weights_sha256()
    load_model(path, trainer)
    assert trainer.finite()
    assert trainer.weights_sha256() != before
    assert files.presets()[name].with_suffix(".png").is_file()
