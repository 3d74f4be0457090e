"""Law 1: inversion and the training of an encoder beside a run leave its players as they are, to the bit."""

from time import sleep

from ganstudio.latent.encoder import FitEncoder
from ganstudio.latent.inversion import Invert, RealSample
from ganstudio.latent.workbench import Workbench
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training import worker
from ganstudio.training.commands import Open, Pause, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer


def test_training_goes_on_as_if_nobody_searched(small):
    session = Session(probes=lambda: {"generator": GeneratorProbe, "images": ImagesProbe}, threads=1).start()
    bench, experiment = Workbench(session, lambda: None), small(preset="mlp-mnist")

    def until(condition) -> None:
        for _ in range(10_000):
            if condition():
                return
            sleep(0.003)
        raise AssertionError("waited too long")

    def told(kind: str) -> None:
        until(lambda: any(event.kind == kind for event in session.events()))

    answers = []

    def ended(kind: type) -> bool:
        answers.extend(bench.take())
        return any(isinstance(one.asked.request, kind) and one.share == 1 for one in answers)

    session.post(Open(experiment=experiment))
    told("opened")
    bench.reopen()
    session.post(Train())
    bench.ask(FitEncoder(steps=6))
    bench.ask(Invert(RealSample(0), seconds=0.5))
    until(lambda: ended(FitEncoder) and ended(Invert))
    session.post(Pause())
    told("paused")
    steps = session.status.step
    assert steps > 0
    assert not any(one.error for one in answers)
    assert bench.close()
    assert session.close()
    alone = Trainer(experiment, worker.device("auto"))
    for _ in range(steps):
        alone.step()
    assert session.weights_sha256() == alone.weights_sha256()
