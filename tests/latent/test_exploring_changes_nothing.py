"""Law 1 for exploration: whatever is asked, and whenever, the run ends as if it had been left alone.

A new study needs a case here: a small request of it.
"""

import hashlib
import random
from collections.abc import Callable
from time import monotonic, sleep

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.latent.edits import Edits
from ganstudio.latent.encoder import EncoderNews, FitEncoder, SaveEncoder
from ganstudio.latent.encoder_study import fit_encoder
from ganstudio.latent.explorer import Explorer
from ganstudio.latent.inversion import Picture
from ganstudio.latent.requests import Draw, Render, Study
from ganstudio.latent.studies import STUDIES
from ganstudio.latent.workbench import Workbench
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training import worker
from ganstudio.training.commands import Open, Pace, Pause, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer

PROBES = {"generator": GeneratorProbe, "discriminator": DiscriminatorProbe, "images": ImagesProbe}
Z = np.random.default_rng(0).normal(size=(3, 100)).astype(np.float32)
MANY = np.random.default_rng(2).normal(size=(12, 100)).astype(np.float32)
PICTURE = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
SKETCH = Edits.none(32, 32, 3).painted((8, 8), (20, 20), 4, np.uint8([255, 0, 0]))
SLICES = 40
"""Of one study, at the most."""

PACE = 20.0
"""Steps per second: training is to be under way while it is explored."""

Case = Callable[[int, str], dict]
"""z's length, and a folder → what the study is asked for."""
CASES: dict[str, Case] = {
    "AskJudge": lambda dim, folder: {"data": "pixel-faces", "attribute": "glasses", "seed": 1, "count": 16},
    "CompareDistances": lambda dim, folder: {"count": 16},
    "FindDirections": lambda dim, folder: {"count": 3, "samples": 500},
    "FindNeighbours": lambda dim, folder: {"inputs": Z[:, :dim], "images": (PICTURE,)},
    "FindSketched": lambda dim, folder: {"edits": SKETCH},
    "FitEncoder": lambda dim, folder: {"steps": 3},
    "FitLabels": lambda dim, folder: {"inputs": MANY[:, :dim], "labels": MANY[:, 0] > 0},
    "Invert": lambda dim, folder: {"subject": Picture(PICTURE), "seconds": 0.3},
    "RenderAll": lambda dim, folder: {"inputs": Z[:, :dim]},
    "SaveEncoder": lambda dim, folder: {"save_to": f"{folder}/encoder.safetensors"},
}
ALL = sorted(STUDIES, key=lambda kind: kind.__name__)


def request(kind: type[Study], dim: int, folder: object) -> Study:
    assert kind.__name__ in CASES, f"{kind.__name__} is a new study: write a case for it"
    return kind(**CASES[kind.__name__](dim, str(folder)))


def fingerprint(frames: list) -> str:
    """Of all that training has published."""
    digest = hashlib.sha256()
    for frame in frames:
        arrays = list(getattr(frame, "weights", {}).values())
        arrays += [array for array in vars(frame).values() if isinstance(array, np.ndarray)]
        for array in arrays:
            digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def surroundings() -> list:
    """What all threads of the process share."""
    return [
        torch.get_rng_state().numpy().tobytes(),
        str(np.random.get_state()),
        random.getstate(),
        torch.get_num_threads(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        torch.are_deterministic_algorithms_enabled(),
    ]


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    """Images, batch norm in G, spectral norm in D: all that an eye that is not careful would move."""
    found = files.preset("hinge-sn-faces")
    for path, value in (("players.*.network.params.width", 4), ("batch_size", 16)):
        found, _ = change(found, path, value)
    return found


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_study_touches_nothing_that_others_share(kind, experiment, tmp_path):
    """Neither the process's generators, threads and modes, nor the players, nor what was published of them."""
    trainer = Trainer(experiment)
    published = []

    def fetch(probe: str, **options):
        published.append(PROBES[probe]().frame(trainer, **options))
        return published[-1]

    frame = fetch("generator")
    fetch("discriminator")
    workshop = Workshop(fetch, frame, {})
    if kind is SaveEncoder:
        *_, _ = fit_encoder(workshop, request(FitEncoder, workshop.prior.dim, tmp_path))
    before, around, weights = fingerprint(published), surroundings(), trainer.weights_sha256()
    slices = STUDIES[kind](workshop, request(kind, workshop.prior.dim, tmp_path))
    for _, (share, _value) in zip(range(SLICES), slices, strict=False):
        if share >= 1:
            break
    slices.close()
    assert kind is not SaveEncoder or (tmp_path / "encoder.safetensors").stat().st_size > 0
    assert surroundings() == around
    assert trainer.weights_sha256() == weights
    assert fingerprint(published[:2]) == before
    assert not workshop.generator.training


class Person:
    """Explores in every way."""

    def __init__(self, experiment):
        self.session = Session(probes=lambda: PROBES, threads=1).start()
        self.explorer, self.bench = Explorer(self.session, lambda: None), Workbench(self.session, lambda: None)
        self.answered: dict[str, list] = {}
        self.seen: list[str] = []
        self.session.post(Open(experiment=experiment))
        self.session.post(Pace(steps_per_s=PACE))
        self.until(lambda: "opened" in self.seen)
        self.explorer.reopen()
        self.bench.reopen()
        for client in ("hand", "panel"):
            self.explorer.follow(client, True)

    def until(self, condition) -> None:
        end = monotonic() + 60
        while not condition():
            assert monotonic() < end, f"waited in vain; answered were {self.answered.keys()}"
            self.seen += [event.kind for event in self.session.events()]
            for answer in [*self.explorer.take("hand"), *self.bench.take("hand")]:
                self.answered.setdefault(type(answer.asked.request).__name__, []).append(answer)
            sleep(0.002)

    def ask_everything(self, dim: int, folder, live: bool) -> None:
        """And wait until each has done some of its work; what goes on then is given up."""
        self.answered.clear()
        self.explorer.live = self.bench.live = live
        self.explorer.ask(Render(Z[:, :dim]), "hand")
        self.explorer.ask(Render(Z[:, :dim]), "panel")
        self.explorer.ask(Draw(5, 3), "hand")
        for kind in ALL:
            self.bench.ask(request(kind, dim, folder), "hand")
        self.until(lambda: len(self.answered) == len(ALL) + 2 and all(self.share(kind) > 0 for kind in ALL))
        assert not [one.error for answers in self.answered.values() for one in answers if one.error]
        assert isinstance(self.answered["SaveEncoder"][-1].value, EncoderNews)
        for kind in ALL:
            self.bench.cancel(kind, "hand")

    def fit_encoder(self, dim: int, folder) -> None:
        """There is an encoder to be saved."""
        self.bench.ask(request(FitEncoder, dim, folder), "hand")
        self.until(lambda: self.share(FitEncoder) == 1)

    def share(self, kind: type[Study]) -> float:
        """How much of a study is done, by its answers."""
        return max((one.share for one in self.answered.get(kind.__name__, [])), default=0.0)

    def train(self, steps: int) -> None:
        """Up to so many steps, in the background."""
        self.seen.clear()
        self.session.post(Pause(at=steps))
        self.session.post(Train())

    def close(self) -> None:
        assert self.explorer.close()
        assert self.bench.close()
        assert self.session.close()


def test_a_run_explored_in_every_way_ends_as_one_left_alone(experiment, tmp_path):
    """Before it trains, while it does, and at rest in its midst; by the average and by the weights that train."""
    alone = Trainer(experiment, worker.device("auto"))
    person, dim = Person(experiment), alone.noise.config.dim
    person.fit_encoder(dim, tmp_path)
    for until, live in ((4, False), (9, True), (14, False)):
        person.ask_everything(dim, tmp_path, live)
        person.train(until)
        person.ask_everything(dim, tmp_path, live)
        person.until(lambda: "paused" in person.seen)
    person.close()
    assert person.session.status.step == 14
    for _ in range(14):
        alone.step()
    alone.flush()
    assert person.session.weights_sha256() == alone.weights_sha256()
