"""Damaged, foreign and hostile files: refused with a sentence that names them, and the rest of the run still opens."""

import hashlib
import json
import pickle
import shutil
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import tensors
from ganstudio.runs.folder import CHECKPOINTS, STORE
from ganstudio.runs.heads import DIGEST, read_head
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer

FIRST, LAST = f"{CHECKPOINTS}/0-000000002.safetensors", f"{CHECKPOINTS}/0-000000003.safetensors"
EVENTS = [Event("opened", 0, "Ready."), Event("said", 1, "Look.")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory, small, trained):
    """The folder of a run with checkpoints after two and three steps."""
    torch.set_num_threads(1)
    run = tmp_path_factory.mktemp("whole") / "run"
    keeper, trainer = RunKeeper(run), trained(small(), 2)
    keeper.checkpoint(trainer, EVENTS, "asked", wait=True)
    trainer.step()
    trainer.flush()
    keeper.checkpoint(trainer, EVENTS, "asked", wait=True)
    keeper.close()
    return run


@pytest.fixture
def saved(tmp_path, whole):
    """A copy of it, to be damaged."""
    return shutil.copytree(whole, tmp_path / "run")


class Bomb:
    """Unpickled, it would show."""

    def __reduce__(self):
        return exec, ("raise SystemExit('executed')",)


def flipped(path):
    content = bytearray(path.read_bytes())
    content[-len(content) // 3] ^= 4
    path.write_bytes(content)


def flipped_head(path):
    content = path.read_bytes()
    path.write_bytes(content.replace(b"batch_size = 16", b"batch_size = 17", 1))


DAMAGES = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "empty": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(np.random.default_rng(0).bytes(5000)),
    "gone": lambda path: path.unlink(),
    "a bit flipped": flipped,
    "a bit of the head flipped": flipped_head,
    "a pickle": lambda path: path.write_bytes(pickle.dumps(Bomb())),
    "a torch file": lambda path: torch.save({"weights": torch.ones(3)}, path),
    "a header that claims petabytes": lambda path: path.write_bytes((2**50).to_bytes(8, "little") + b"{}"),
    "a tensor that claims petabytes": lambda path: path.write_bytes(
        (lambda text: len(text).to_bytes(8, "little") + text)(
            b'{"a":{"dtype":"F32","shape":[1125899906842624],"data_offsets":[0,4503599627370496]}}'
        )
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_checkpoint_gives_way_to_the_one_before(saved, small, trained, damage):
    damage(saved / LAST)
    trainer = Trainer(read_run(saved).experiment)
    events = restore(saved, trainer)
    assert trainer.weights_sha256() == trained(small(), 2).weights_sha256()
    assert len(trainer.history) == 2
    warnings = [one.sentence for one in events if one.kind == "warned"]
    if damage is not DAMAGES["gone"]:
        assert len(warnings) == 1
        assert "0-000000003.safetensors" in warnings[0]
        assert "step 2" in warnings[0]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_run_without_a_whole_checkpoint_is_refused(saved, small, damage):
    (saved / FIRST).unlink()
    damage(saved / LAST)
    trainer = Trainer(small())
    with pytest.raises(StudioError, match=CHECKPOINTS):
        restore(saved, trainer)


def forged(path):
    """Nothing is wrong with it but what it says."""
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO metrics VALUES (0, 1, 2, 'abcdefgh', NULL)")
        connection.execute("UPDATE events SET data = '['")
    connection.close()


STORES = {name: DAMAGES[name] for name in ("cut", "empty", "noise", "gone", "a pickle")} | {"forged": forged}


@pytest.mark.parametrize("name", STORES)
def test_a_run_goes_on_without_its_store(saved, small, trained, name, tmp_path):
    STORES[name](saved / STORE)
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(read_run(saved).experiment)
    opened = keeper.open(saved, trainer)
    assert trainer.weights_sha256() == trained(small(), 3).weights_sha256()
    assert np.isnan(trainer.history.rows()).all()
    assert STORE in opened.events[-1].sentence
    trainer.step()
    trainer.flush()
    keeper.checkpoint(trainer, opened.events, "stop", wait=True)
    keeper.close()
    assert read_run(saved).about.steps == 4
    again = Trainer(small())
    (lost,) = restore(saved, again)
    assert "metrics of steps 1 … 3 " in lost.sentence
    assert np.isfinite(again.history.rows()[3]).any()
    assert again.weights_sha256() == trained(small(), 4).weights_sha256()
    assert (saved / f"damaged-{STORE}").exists() == (name != "gone")


def altered(path, change=lambda found: None, honest: bool = True, **texts):
    """Write a checkpoint again with its tensors changed, and its fingerprints true where ``honest``."""
    found, header = tensors.read(path)
    change(found)
    header |= texts
    if honest:
        header["body"] = tensors.fingerprint(tensors.plain(found))
        rest = "\0".join(f"{name}\0{value}" for name, value in sorted(header.items()) if name != DIGEST)
        header[DIGEST] = hashlib.sha256(rest.encode()).hexdigest()
    path.write_bytes(tensors.dumps(found, header))


CHANGES = {
    "weight gone": lambda t: t.pop("generator.0.linear.weight"),
    "weight of another shape": lambda t: t.update({"generator.0.linear.weight": torch.zeros(2)}),
    "weight not finite": lambda t: t["generator.0.linear.weight"].fill_(float("nan")),
    "moment of another shape": lambda t: t.update({"optimiser.generator.0.exp_avg": torch.zeros(1)}),
    "moment of no weight": lambda t: t.update({"optimiser.generator.99.exp_avg": torch.zeros(1)}),
    "moment of no number": lambda t: t.update({"optimiser.generator.x.y": torch.zeros(1)}),
    "random state cut": lambda t: t.update({"random.noise": t["random.noise"][:8].clone()}),
    "random state overwritten": lambda t: t["random.noise"].fill_(255),
    "random state gone": lambda t: t.pop("random.game"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_forged_state_is_refused(saved, small, change):
    (saved / FIRST).unlink()
    altered(saved / LAST, change)
    with pytest.raises(StudioError, match="0-000000003"):
        restore(saved, Trainer(small()))


@pytest.mark.parametrize(
    "texts",
    [
        {"numbers": ""},
        {"numbers": "[" * 100_000},
        {"numbers": json.dumps({"steps": 3})},
        {"numbers": json.dumps({"steps": -1, "sampler": {}, "average": 0})},
        {"schema": "99"},
        {"schema": "new"},
        {"experiment": "title = "},
        {"experiment": "title = 3"},
        {"place": "[]"},
        {"place": json.dumps({"branch": 0, "step": 1e9, "event": 0, "time": 0, "reason": ""})},
        {"place": json.dumps({"branch": 0, "step": 4, "event": 0, "time": 0, "reason": ""})},
        {"about": "{}"},
        {"pending": "[1]"},
        {"branches": '[{"id": 0}]'},
    ],
    ids=lambda texts: str(texts)[:40],
)
def test_a_forged_head_is_refused(saved, small, texts):
    (saved / FIRST).unlink()
    altered(saved / LAST, **texts)
    trainer = Trainer(small())
    with pytest.raises(StudioError, match=r"0-000000003\.safetensors"):
        restore(saved, trainer)


def test_a_newer_layout_is_refused_at_once(saved, small):
    altered(saved / LAST, schema="99")
    with pytest.raises(StudioError, match="newer version"):
        restore(saved, Trainer(small()))


def test_absurd_counts_take_no_memory(saved, small):
    (saved / FIRST).unlink()
    (saved / STORE).unlink()
    head = read_head(saved / LAST)
    many = replace(head, step=10**12, numbers=head.numbers | {"steps": 10**12})
    altered(saved / LAST, **many.texts())
    with pytest.raises(StudioError, match="memory"):
        restore(saved, Trainer(small()))


def test_a_run_of_another_device_goes_on_with_fresh_random_numbers(saved, small):
    altered(saved / LAST, lambda t: t.update({"random.noise": torch.zeros(16, dtype=torch.uint8)}), device="cuda")
    trainer = Trainer(small())
    events = restore(saved, trainer)
    assert events[-1].kind == "warned"
    trainer.step()
    assert trainer.flush()
