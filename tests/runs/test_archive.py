"""Runs as zip files: carried whole, and nothing from elsewhere is trusted."""

import os
import stat
import struct
import zipfile
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.encoder import ENCODER_FILE
from ganstudio.runs import archive
from ganstudio.runs.archive import unzip_run, zip_run
from ganstudio.runs.catalogue import read
from ganstudio.runs.folder import CHECKPOINTS, EXPERIMENT, FILES, KEEPSAKES, STORE, TENSORBOARD
from ganstudio.runs.store import About, Store

CHECKPOINT = f"{CHECKPOINTS}/0-000000010.safetensors"


@pytest.fixture
def run(tmp_path) -> Path:
    """A run that is open to be written."""
    folder = tmp_path / "runs" / "ring"
    (folder / CHECKPOINTS).mkdir(parents=True)
    (folder / EXPERIMENT).write_text("title = 'Ring'")
    (folder / CHECKPOINT).write_bytes(os.urandom(5000))
    (folder / "thesis.txt").write_text("not of the run")
    about = About(2, str(uuid4()), "Ring", "1", "2", 0, "cpu", 1, ("value",), 0.0, 1.0, steps=10)
    store = Store.create(folder, about)
    store.append_rows(0, 0, np.arange(10, dtype=np.float32)[:, None])
    yield folder
    store.close()


@pytest.fixture
def place(tmp_path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def zipped(path: Path, members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_a_run_comes_back_as_it_was(run, place, tmp_path):
    zip_run(run, tmp_path / "mine.zip")
    again = unzip_run(tmp_path / "mine.zip", place)
    assert again == place / "mine"
    assert sorted(os.listdir(again)) == sorted((CHECKPOINTS, EXPERIMENT, STORE))
    assert (again / CHECKPOINT).read_bytes() == (run / CHECKPOINT).read_bytes()
    store, copy = Store.open(run), Store.open(again)
    np.testing.assert_array_equal(copy.rows(0), np.arange(10, dtype=np.float32)[:, None])
    assert copy.about() == store.about()
    store.close()
    copy.close()
    assert unzip_run(tmp_path / "mine.zip", place) == place / "mine-2"
    with zipfile.ZipFile(tmp_path / "mine.zip") as file:
        assert {name.split("/")[0] for name in file.namelist()} == {"ring"}


def test_keepsakes_and_encoder_go_with_the_run(run, place, tmp_path):
    extra = {KEEPSAKES: b'{"version": 1}', ENCODER_FILE: os.urandom(3000)}
    for name, content in extra.items():
        (run / name).write_bytes(content)
    zip_run(run, tmp_path / "mine.zip")
    again = unzip_run(tmp_path / "mine.zip", place)
    assert {name: (again / name).read_bytes() for name in extra} == extra


def test_every_file_of_a_run_is_carried_but_for_what_is_written_anew():
    passing = {f"{STORE}-shm", CHECKPOINTS, TENSORBOARD}
    assert {name for name in FILES if not archive.KNOWN.fullmatch(name)} == passing


def test_an_archive_that_a_person_made_is_read(run, place, tmp_path):
    """By hand, or with a system's own tool: without a folder around it, or with hidden files beside."""
    store = (run / STORE).read_bytes()
    bare = zipped(tmp_path / "bare.zip", {STORE: store, "notes.txt": b"my own"})
    assert sorted(os.listdir(unzip_run(bare, place))) == [STORE]
    mac = zipped(tmp_path / "mac.zip", {f"ring/{STORE}": store, "__MACOSX/ring/._x": b"", "ring/.DS_Store": b""})
    assert sorted(os.listdir(unzip_run(mac, place))) == [STORE]


def link(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        entry = zipfile.ZipInfo(STORE)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, "/etc/passwd")
    return path


def encrypted(path: Path) -> Path:
    content = bytearray(zipped(path, {STORE: b"secret"}).read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = content.index(signature) + at
        struct.pack_into("<H", content, begin, struct.unpack_from("<H", content, begin)[0] | 1)
    path.write_bytes(content)
    return path


def flipped(path: Path) -> Path:
    content = bytearray(zipped(path, {STORE: b"x" * 500}, zipfile.ZIP_STORED).read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    return path


def twice(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(STORE, "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr(STORE, "b")
    return path


def text(path: Path) -> Path:
    path.write_text("no archive")
    return path


BAD = {
    "out of the folder": (lambda path: zipped(path, {f"../{STORE}": b""}), "outside its folder"),
    "deep out of it": (lambda path: zipped(path, {f"ring/{CHECKPOINTS}/../../../x": b""}), "outside its folder"),
    "absolute": (lambda path: zipped(path, {"/etc/cron.d/x": b"", STORE: b""}), "outside its folder"),
    "drive": (lambda path: zipped(path, {"C:/x": b"", STORE: b""}), "outside its folder"),
    "backslashes": (lambda path: zipped(path, {"..\\..\\x": b"", STORE: b""}), "outside its folder"),
    "link": (link, "holds a link"),
    "bomb": (lambda path: zipped(path, {STORE: bytes(archive.LEAST_LIMIT + 1)}), "far more than a run"),
    "too many": (lambda path: zipped(path, {f"a/{n}": b"" for n in range(archive.MOST_FILES + 1)}), "more than a run"),
    "two runs": (lambda path: zipped(path, {f"a/{STORE}": b"", f"b/{STORE}": b""}), "more than one run"),
    "twice": (twice, "twice"),
    "no run": (lambda path: zipped(path, {"holiday.jpg": b""}), "holds no run"),
    "settings alone": (lambda path: zipped(path, {EXPERIMENT: b""}), "holds no run"),
    "encrypted": (encrypted, "encrypted"),
    "bit flipped": (flipped, "damaged"),
    "cut": (lambda path: path.write_bytes(zipped(path, {STORE: b"x" * 99}).read_bytes()[:90]) and path, "damaged"),
    "empty": (lambda path: path.write_bytes(b"") or path, "damaged"),
    "text": (text, "damaged or not a zip file"),
    "folder": (lambda path: path.mkdir() or path, "cannot be read"),
    "missing": (lambda path: path, "cannot be read"),
}


@pytest.mark.parametrize(("build", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_archive_is_refused_and_leaves_nothing(tmp_path, place, monkeypatch, build, said):
    monkeypatch.setattr(archive, "LEAST_LIMIT", 1 << 20)  # smaller, so that the test is quick
    monkeypatch.setattr(archive, "MOST_FILES", 50)
    path = build(tmp_path / "bad.zip")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(StudioError, match=said) as refused:
        unzip_run(path, place)
    assert "bad.zip" in str(refused.value)
    assert set(tmp_path.rglob("*")) == before


def test_no_room_is_said_before_anything_is_unpacked(run, place, tmp_path, monkeypatch):
    zip_run(run, tmp_path / "mine.zip")
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 100})())
    with pytest.raises(StudioError, match="are free"):
        unzip_run(tmp_path / "mine.zip", place)
    assert os.listdir(place) == []


def test_a_place_that_cannot_be_written_is_said(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be written"):
        zip_run(run, tmp_path / "file" / "mine.zip")
    zip_run(run, tmp_path / "mine.zip")
    with pytest.raises(StudioError, match="cannot be written"):
        unzip_run(tmp_path / "mine.zip", tmp_path / "file" / "runs")


def test_what_is_thinned_meanwhile_is_left_out(run, place, tmp_path, monkeypatch):
    copy = archive.copy_file

    def thinned(source: Path, target: Path) -> None:
        if source.name == Path(CHECKPOINT).name:
            source.unlink()
        copy(source, target)

    monkeypatch.setattr(archive, "copy_file", thinned)
    zip_run(run, tmp_path / "mine.zip")
    again = unzip_run(tmp_path / "mine.zip", place)
    assert not (again / CHECKPOINT).exists()
    assert read(again).steps == 10
