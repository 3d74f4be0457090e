"""Experiments as TOML files, and the presets."""

import os

import pytest

from ganstudio.experiment.differences import differing
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import check
from ganstudio.experiment.files import (
    DEFAULT_PRESET,
    dumps,
    find,
    headline,
    loads,
    preset,
    presets,
    read,
    write,
)


@pytest.mark.parametrize("name", presets())
def test_each_preset_is_valid_and_survives_the_round_trip(name):
    experiment = preset(name)
    check(experiment)
    assert loads(dumps(experiment)) == experiment
    assert headline(presets()[name]) == (experiment.title, experiment.description)
    assert experiment.description.endswith(".")


def test_the_default_preset_comes_first():
    assert next(iter(presets())) == DEFAULT_PRESET


def test_what_is_written_is_read_back(tmp_path):
    experiment, _ = change(preset(DEFAULT_PRESET), "r1", 0.1)
    experiment, _ = change(experiment, "title", 'Quotes " and \\ and ünïcode')
    write(experiment, tmp_path / "mine.toml")
    back = read(tmp_path / "mine.toml")
    assert back == experiment
    assert differing(back, experiment) == []
    assert find(str(tmp_path / "mine.toml")) == experiment
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(dumps(preset(DEFAULT_PRESET)), encoding="utf-8-sig")
    assert read(path) == preset(DEFAULT_PRESET)
    assert headline(path)[0] == preset(DEFAULT_PRESET).title


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"title = ", b"title = 3\n[[players]]"])
def test_a_headline_falls_back_on_the_file_s_name(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    assert headline(path)[0] in ("broken", "3")
    assert headline(tmp_path / "absent.toml") == ("absent", "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title = \n", "this is not valid TOML: Invalid value (at line 1, column 9)"),
        (b"\xff\xfe\x00\x01", "this is not a text file"),
        (b"", "data: is missing"),
        (b"seed = -1\n", "seed: must be a whole number of at least 0"),
        (b"colour = 1\n", "colour: there is no such field"),
        (b"batch_size = 'x'\n", "batch_size: must be a whole number"),
    ],
)
def test_a_bad_file_is_refused_by_its_name(tmp_path, content, sentence):
    path = tmp_path / "bad.toml"
    text = dumps(preset(DEFAULT_PRESET)).encode()
    # A sound file but for the line at fault, which replaces the line of the same key.
    key = content.split(b" ")[0]
    if content.endswith(b"\n") and b"= \n" not in content:
        text = b"\n".join(line for line in text.split(b"\n") if not line.startswith(key + b" ="))
        content = content + text
    path.write_bytes(content)
    with pytest.raises(StudioError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {sentence}")
    assert caught.value.field == str(path)


def test_files_that_cannot_be_read_or_written_are_named(tmp_path):
    with pytest.raises(StudioError, match=r"absent\.toml: cannot be read \(No such file"):
        read(tmp_path / "absent.toml")
    with pytest.raises(StudioError, match="cannot be read"):
        read(tmp_path)
    experiment = preset(DEFAULT_PRESET)
    with pytest.raises(StudioError, match=r"mine\.toml: cannot be written"):
        write(experiment, tmp_path / "nowhere" / "mine.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(StudioError, match=r"folder\.toml: cannot be written"):
        write(experiment, tmp_path / "folder.toml")
    assert os.listdir(tmp_path) == ["folder.toml"]


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(StudioError, match="there is no preset called 'dcgan'; the presets are dcgan-mnist, "):
        find("dcgan")
