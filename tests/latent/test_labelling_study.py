"""Labels on the workbench: a fit, a classifier's opinion of G's samples, and what nobody judges."""

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.latent.labelling import FitLabels, labelled
from ganstudio.latent.labelling_study import ask_judge, fit
from ganstudio.latent.opinions import AskJudge, sure
from ganstudio.latent.studies import STUDIES
from ganstudio.latent.workshop import Workshop
from ganstudio.metrics import digits
from ganstudio.metrics.attributes import probabilities
from ganstudio.metrics.judges import JUDGES
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.resources import resource
from ganstudio.runs.models import load_model
from ganstudio.training.trainer import Trainer


@pytest.fixture(scope="module")
def faces() -> Workshop:
    trainer = Trainer(files.preset("dcgan-pixel-faces"))
    load_model(resource("models", "dcgan-pixel-faces.safetensors"), trainer)
    return Workshop(lambda probe: None, GeneratorProbe().frame(trainer), {})


def test_both_are_studies_of_the_workbench():
    assert STUDIES[FitLabels] is fit
    assert STUDIES[AskJudge] is ask_judge


def test_the_judge_tells_of_ever_more_samples_what_the_classifier_says(faces):
    answers = list(ask_judge(faces, AskJudge("pixel-faces", "glasses", seed=5, count=40)))
    assert [len(one.inputs) for _, one in answers] == [16, 32, 40]
    assert answers[-1][0] == 1
    last = answers[-1][1]
    torch.testing.assert_close(torch.from_numpy(last.inputs), faces.draw(40, 5))
    assert last.images.shape == (40, 32, 32, 3)
    expected = probabilities(faces.render(last.inputs))[:, 0].numpy()
    np.testing.assert_allclose(last.probability, expected, atol=1e-4)


def test_a_direction_from_the_judges_labels_brings_glasses_about(faces):
    *_, (_, opinion) = ask_judge(faces, AskJudge("pixel-faces", "glasses", seed=5, count=160))
    kept = sure(opinion.probability)
    assert 100 < kept.sum() <= 160
    *_, (_, found) = fit(faces, FitLabels(opinion.inputs[kept], opinion.probability[kept] > 0.5))
    assert found.accuracy > 0.65
    z = faces.draw(100, 77).numpy()
    plus, minus = (
        probabilities(faces.render((z + way * found.vector).astype(np.float32)))[:, 0] > 0.5 for way in (2.5, -2.5)
    )
    assert plus.float().mean() > minus.float().mean() + 0.5


def test_the_workbenchs_fit_is_that_of_the_mathematics(faces):
    z, labels = faces.draw(30, 1).numpy(), np.arange(30) < 12
    *_, (share, found) = fit(faces, FitLabels(z, labels, seed=3))
    assert share == 1
    np.testing.assert_array_equal(found.vector, labelled(z, labels, seed=3).vector)


@pytest.mark.parametrize(("data", "attribute"), [("fashion-mnist", "glasses"), ("pixel-faces", "moustache")])
def test_what_no_classifier_tells_is_refused_by_name(faces, data, attribute):
    with pytest.raises(StudioError, match=attribute):
        next(ask_judge(faces, AskJudge(data, attribute, seed=0)))


@pytest.mark.parametrize("data", JUDGES)
def test_a_judge_names_as_many_attributes_as_it_answers_and_draws_no_random_number(data):
    digits.classifier.cache_clear()
    before = torch.random.get_rng_state()
    shape = {"pixel-faces": (2, 3, 32, 32), "mnist": (2, 1, 28, 28)}[data]
    assert JUDGES[data].judge(torch.zeros(shape)).shape == (2, len(JUDGES[data].attributes))
    assert torch.equal(before, torch.random.get_rng_state())
