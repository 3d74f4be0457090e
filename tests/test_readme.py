"""The README's recipes, followed to the letter in a copy of the package."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.cli.parser import parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def recipes() -> dict[str, str]:
    """File name → code of every recipe in the README."""
    blocks = re.findall(r"```python\n# (ganstudio/\S+\.py)\n(.*?)```", README, re.DOTALL)
    return dict(blocks)


@pytest.fixture(scope="module")
def copy_with_recipes(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("recipes")
    shutil.copytree(ROOT / "ganstudio", root / "ganstudio", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "resources").symlink_to(ROOT / "resources")
    for name, code in recipes().items():
        (root / name).write_text(code, encoding="utf-8")
    return root


def run(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_picture_is_there():
    named = re.findall(r"\]\((resources/[^)]+)\)", README)
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_command_can_be_typed():
    """As far as it goes without the runs that the README speaks of."""
    block = re.search(r"## Without a window\n\n```sh\n(.*?)```", README, re.DOTALL)[1]
    commands = [shlex.split(part, comments=True) for line in block.splitlines() for part in line.split(";")]
    assert len(commands) > 8
    for name, *arguments in commands:
        assert name == "ganstudio"
        options = parser(lambda _: 0).parse_args(arguments)
        assert callable(options.run)


def test_there_is_a_recipe_for_each_kind_of_thing():
    folders = {str(Path(name).parent) for name in recipes()}
    assert folders == {f"ganstudio/{room}" for room in ("games/objectives", "data", "networks", "probes", "ui/panels")}


def test_the_recipes_train(copy_with_recipes):
    out = copy_with_recipes / "run"
    sets = ["objective=symmetric-least-squares", "data=stripes", "players.generator.network.kind=linear-generator"]
    sets += ["players.discriminator.network.width=4", "batch_size=8"]
    arguments = [part for one in sets for part in ("--set", one)]
    said = run(
        copy_with_recipes, "-m", "ganstudio", "train", "dcgan-mnist", *arguments,
        "--steps", "3", "--watch", "--json", "--threads", "1", "--out", str(out),
    )  # fmt: skip
    result = json.loads(said)
    assert result["steps"] == 3
    assert result["frames"]["brightness"] >= 1


def test_the_recipe_panel_shows_its_frames(copy_with_recipes):
    script = """
import sys
from time import monotonic
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ganstudio.experiment import files
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window
app = QApplication([])
window = make_window(Settings(Path(sys.argv[1]) / "settings.json"), out=Path(sys.argv[1]) / "runs", threads=1)
window.show()
window.bring_up("brightness")
window.open_experiment(files.preset("mlp-mnist"))
window.start_session()
panel, start = window.panels["brightness"], monotonic()
while "bright" not in panel.label.text() and monotonic() - start < 60:
    app.processEvents()
print(panel.label.text())
window.close()
"""
    assert run(copy_with_recipes, "-c", script, str(copy_with_recipes / "state")).startswith("Step 0: 13% bright")
