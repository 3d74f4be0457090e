"""A trained generator whose data are missing here is explored as ever, and neither trained nor changed."""

from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from PIL import Image

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset
from ganstudio.latent.explorer import Explorer
from ganstudio.latent.neighbours import FindNeighbours
from ganstudio.latent.requests import Render
from ganstudio.latent.workbench import Workbench
from ganstudio.probes.all import all_probes
from ganstudio.resources import resource
from ganstudio.runs.compose import new_session
from ganstudio.runs.export import export_weights
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.opener import Opener
from ganstudio.runs.past import Asked
from ganstudio.runs.read import read_run
from ganstudio.runs.rerun import Rerun
from ganstudio.runs.sample_shape import sample_shape
from ganstudio.training.commands import Duel, Edit, Note, Open, Rewind, Save, Step, Train
from ganstudio.training.trainer import Trainer

STEPS = 2
REFUSED = (Train(), Step(), Edit(path="lr", value=0.01), Note(text="!"), Save(), Duel(path="lr", left=0.1, right=0.2))


class Desk:
    """A session with all probes, and those who explore it."""

    def __init__(self):
        self.session = new_session(device="cpu", threads=1).start()
        self.explorer = Explorer(self.session, lambda: None)
        self.bench = Workbench(self.session, lambda: None)

    def heard(self, *kinds: str):
        """The next event of these kinds."""
        end = monotonic() + 60
        while monotonic() < end:
            found = [event for event in self.session.events() if event.kind in kinds]
            if found:
                return found[0]
            sleep(0.003)
        raise AssertionError("waited in vain")

    def open(self, experiment, run: Path | None):
        self.session.post(Open(experiment=experiment, run=run))
        event = self.heard("opened", "refused", "failed")
        self.explorer.reopen()
        self.bench.reopen()
        return event

    def answer(self, who, request):
        number = who.ask(request)
        end = monotonic() + 60
        while monotonic() < end:
            for one in who.take():
                if one.asked.number == number and (one.error or one.share == 1):
                    return one
            sleep(0.003)
        raise AssertionError("waited in vain")

    def images(self, z: np.ndarray) -> bytes:
        found = self.answer(self.explorer, Render(z))
        assert found.error == ""
        return found.value.tobytes()

    def refusal(self, probe: str) -> str:
        mailbox = self.session.subscribe(probe)
        end = monotonic() + 60
        while not mailbox.failed and mailbox.take() is None:
            assert monotonic() < end
            sleep(0.003)
        self.session.unsubscribe(mailbox)
        return mailbox.failed

    def close(self) -> None:
        assert self.explorer.close()
        assert self.bench.close()
        assert self.session.close()


@pytest.fixture
def desk():
    found = Desk()
    yield found
    found.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory, small):
    """Makes the folder of a short run on images of a folder (``dcgan-mnist``) or on points (``mlp-…``), once each."""
    known: dict[str, tuple[Path, Path]] = {}

    def make(kind: str) -> tuple[Path, Path]:
        if kind not in known:
            place = tmp_path_factory.mktemp(kind)
            data, dice = place / "data", np.random.default_rng(0)
            if kind == "folder":
                data.mkdir()
                for number in range(20):
                    Image.fromarray(dice.integers(0, 256, (20, 20, 3), np.uint8)).save(data / f"{number}.png")
                values = (("data", "folder"), ("data.size", 20), ("data.path", str(data)))
                experiment = small(*values)
            else:
                np.savetxt(data, dice.normal(size=(50, 2)), delimiter=",")
                experiment = small(("data", "points-csv"), ("data.path", str(data)), preset="ring-8")
            trainer, keeper = Trainer(experiment), RunKeeper(place / "run")
            for _ in range(STEPS):
                trainer.step()
                trainer.flush()
                keeper.checkpoint(trainer, [], "asked", wait=True)
            keeper.close()
            export_weights(place / "run", place / "mine.safetensors")
            known[kind] = place / "run", data
        return known[kind]

    return make


@pytest.fixture
def gone(made, tmp_path):
    """Makes the run, its data moved away for the time of the test: (run, where they were, where they are)."""
    moved = []

    def make(kind: str) -> tuple[Path, Path, Path]:
        run, data = made(kind)
        away = data.with_name("away")
        data.rename(away)
        moved.append((away, data))
        return run, data, away

    yield make
    for away, data in moved:
        if away.exists():
            away.rename(data)


def bytes_of(run: Path) -> dict[Path, bytes]:
    """The content of a run's folder, without what only says that it is open."""
    files = (
        path
        for path in run.rglob("*")
        if path.is_file() and path.suffix in (".safetensors", ".sqlite", ".sqlite-wal", ".png")
    )
    return {path: path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", ["folder", "points"])
@pytest.mark.parametrize("file", ["run", "mine.safetensors"])
def test_it_is_explored_as_where_the_data_are(desk, gone, kind, file):
    run, data, away = gone(kind)
    opened, experiment = run.with_name(file), read_run(run).experiment
    z = np.random.default_rng(1).normal(size=(5, experiment.noise.params["dim"])).astype(np.float32)
    event = desk.open(experiment, opened)
    assert event.kind == "opened"
    assert str(data) in event.data["absence"]
    without, shape, saved = desk.images(z), event.data["shape"], bytes_of(run)
    for command in REFUSED:
        desk.session.post(command)
        refused = desk.heard("refused", "failed")
        assert (refused.kind, refused.sentence) == ("refused", event.data["absence"])
    assert desk.session.status.phase == "ready"
    for probe in ("real", "board", "plane", "images", "doctor"):
        assert desk.refusal(probe) == event.data["absence"]
    assert desk.refusal("samples") == ""
    assert desk.answer(desk.bench, FindNeighbours(z)).error == event.data["absence"]
    assert desk.images(z) == without
    assert bytes_of(run) == saved

    away.rename(data)
    event = desk.open(experiment, opened)
    assert (event.data["absence"], event.data["shape"]) == ("", shape)
    assert desk.images(z) == without
    assert desk.refusal("real") == ""
    if file == "mine.safetensors":  # the other one must stay as it is for further tests
        desk.session.post(Train())
        assert desk.heard("started", "refused").kind == "started"


@pytest.mark.parametrize("kind", ["folder", "points"])
@pytest.mark.parametrize("file", ["run", "mine.safetensors"])
def test_data_that_have_moved_are_taken_from_another_place_if_they_fit(desk, gone, kind, file, tmp_path):
    run, _, away = gone(kind)
    opened, experiment = run.with_name(file), read_run(run).experiment
    z = np.random.default_rng(1).normal(size=(5, experiment.noise.params["dim"])).astype(np.float32)
    assert desk.open(experiment, opened).data["absence"]
    without = desk.images(z)
    event = desk.open(change(experiment, "data.path", str(away))[0], opened)
    assert (event.kind, event.data["absence"]) == ("opened", "")
    assert desk.images(z) == without
    assert desk.refusal("real") == ""

    other = tmp_path / "other"
    if kind == "folder":
        other.mkdir()
        for number in range(20):
            Image.new("L", (20, 20), number).save(other / f"{number}.png")
    else:
        np.savetxt(other, np.arange(40.0))
    event = desk.open(change(experiment, "data.path", str(other))[0], opened)
    assert event.kind == "refused"
    words = ("20×20 images in grey", "images in colour") if kind == "folder" else ("number line", "points in the plane")
    assert f"these data are {words[0]}" in event.sentence.replace("points on the ", "")
    assert words[1] in event.sentence
    assert desk.images(z) == without, "what was open stays open"


def test_shipped_data_of_another_size_are_refused_without_a_path():
    experiment, model = change(preset("mlp-mnist"), "data.size", 16)[0], resource("models", "mlp-mnist.safetensors")
    with pytest.raises(StudioError, match="these data are 16×16 images in grey") as refused:
        Opener().open(model, Trainer(experiment))
    assert refused.value.field == "data"


def test_an_earlier_step_is_looked_at_too(desk, gone):
    run, data, _ = gone("folder")
    event = desk.open(read_run(run).experiment, run)
    branch = event.data["branch"]
    desk.session.post(Rewind(branch=branch, step=1))
    assert desk.heard("rewound", "refused").kind == "rewound"
    rerun = Rerun(run, all_probes())
    found = rerun.answer(Asked("k", "generator", {}, branch, 1))
    assert (found.error, found.frame.step) == ("", 1)
    assert str(data) in rerun.answer(Asked("k", "real", {}, branch, 1)).error
    rerun.close()


def test_a_step_in_progress_is_seen_from_its_beginning_and_kept(desk, gone, made, tmp_path):
    whole, _ = made("folder")
    run = tmp_path / "run"
    trainer, keeper = Trainer(read_run(whole).experiment), RunKeeper(run)
    trainer.step()
    trainer.play_next()
    trainer.flush()
    keeper.checkpoint(trainer, [], "asked", wait=True)
    keeper.close()
    _, data, away = gone("folder")
    experiment = read_run(run).experiment
    assert desk.open(experiment, run).kind == "opened"
    away.rename(data)
    assert desk.open(experiment, run).kind == "opened"
    desk.close()
    assert desk.session.weights_sha256() == trainer.weights_sha256()


def test_without_a_trained_generator_missing_data_are_an_error(desk, gone, tmp_path):
    run, data, _ = gone("folder")
    experiment = read_run(run).experiment
    event = desk.open(experiment, None)
    assert (event.kind, str(data) in event.sentence) == ("refused", True)
    # Data that the weights were never trained on are a slip of the pen, not missing.
    other = experiment.data.model_copy(update={"params": {**experiment.data.params, "path": str(tmp_path / "typo")}})
    event = desk.open(experiment.model_copy(update={"data": other}), run)
    assert (event.kind, "typo" in event.sentence) == ("refused", True)


@pytest.mark.parametrize(
    ("preset", "size", "found"), [("mlp-mnist", 0, False), ("mlp-mnist", 20, True), ("dcgan-mnist", 0, True)]
)
def test_weights_that_do_not_tell_the_proportions_of_images_do_not_guess(small, tmp_path, preset, size, found):
    np.save(tmp_path / "x.npy", np.zeros((20, 20, 20), np.uint8))
    experiment = small(("data", "array"), ("data.path", str(tmp_path / "x.npy")), ("data.size", size), preset=preset)
    assert sample_shape(experiment, Trainer(experiment).weights()) == ((1, 20, 20) if found else None)
