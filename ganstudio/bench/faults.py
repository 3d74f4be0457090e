"""``bench faults``: what a killed process, damaged files, a failing disk and failing code leave of a run.

``--seeds N`` sets the number of kills, and a tenth of the number of damaged files; 100 unless it is said.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from ganstudio.bench.beside import Ended, lines
from ganstudio.bench.figure import Figure
from ganstudio.experiment.errors import StudioError
from ganstudio.progress import passing

SEEDS = 100
PER_KILL = 10
"""Damaged files for each kill."""
HANG_SECONDS = 120.0


def measure(preset: str | None, seeds: int = SEEDS) -> list[Figure]:
    """Kills, corruptions and hazards, each counted."""
    if preset is not None:
        raise StudioError("bench faults measures no preset; leave it out", "--preset")
    if not hasattr(os, "fork"):
        raise StudioError("bench faults kills processes that it forks, which this system cannot do")
    with tempfile.TemporaryDirectory(prefix="ganstudio-faults-") as folder:
        found = [*killed(Path(folder, "killed"), seeds), *damaged(Path(folder, "damaged"), PER_KILL * seeds)]
        found += endangered(Path(folder, "endangered"))
    passing("")
    return found


def killed(folder: Path, count: int) -> list[Figure]:
    """Kill −9 so many times while it trains and saves."""
    kills, same, hung = [], False, 0
    try:
        for line in lines("ganstudio.bench.killing", folder, count, patience=HANG_SECONDS):
            if "same" in line:
                same = line["same"]
                continue
            kills.append(line)
            passing(f"killed {len(kills)} of {count} times; step {line['resumed']:,}")
            if line["words"]:
                _say(f"kill {len(kills)}", line["words"])
    except Ended as end:
        hung = int(end.hung)
        _say(f"kill {len(kills) + 1}", str(end))
    return [
        Figure(f"runs of {count} killed ones that open and go on", sum(one["again"] for one in kills), "≥", count),
        Figure("steps of a completed save that were lost", sum(one["lost"] for one in kills), "≤", 0),
        Figure(f"stores of {count} that SQLite finds whole", sum(one["integrity"] for one in kills), "≥", count),
        Figure("the run after all kills is what it had been without them (1: to the bit)", int(same), "≥", 1),
        Figure("hangs", hung, "≤", 0),
        Figure("steps after the last completed save, at most", max((_behind(one) for one in kills), default=0)),
    ]


def damaged(folder: Path, count: int) -> list[Figure]:
    """Open runs with damaged and hostile files."""
    from ganstudio.bench.corruption import CONTENTS

    folder.mkdir(parents=True)
    results, crashes, hangs = [], 0, 0
    while len(results) + crashes + hangs < count:
        first = len(results) + crashes + hangs
        try:
            for line in lines("ganstudio.bench.corruption", folder, first, count, patience=HANG_SECONDS):
                results.append(line)
                passing(f"damaged {first + 1:,} … {count:,}: {len(results):,} opened or refused")
                if line["end"] not in ("opened", "refused", "warned"):
                    _say(f"{line['target']}, {line['damage']}", f"{line['end']}: {line['words']}")
        except Ended as end:
            hangs, crashes = hangs + end.hung, crashes + (not end.hung)
            _say(f"trial {first + len(results)}", str(end))
            shutil.rmtree(folder)
            folder.mkdir()

    def ended(*ends: str) -> int:
        return sum(line["end"] in ends for line in results)

    flipped = [line["seen"] for line in results if line["target"] in CONTENTS]
    return [
        Figure(f"damaged runs of {count:,} that open with a state that was saved", ended("opened", "warned")),
        Figure("refused in a sentence", ended("refused")),
        Figure("that ran code from a file", ended("executed"), "≤", 0),
        Figure("that opened with weights that never were", ended("changed"), "≤", 0),
        Figure("that showed metrics or pictures that never were, or left some out in silence", ended("unseen"), "≤", 0),
        Figure(f"bits flipped in metrics or pictures of {len(flipped):,} runs: seen", sum(flipped), "≥", len(flipped)),
        Figure("that did not open though enough of them was whole", ended("lost"), "≤", 0),
        Figure("crashes", crashes + ended("crashed"), "≤", 0),
        Figure("hangs over damaged files", hangs, "≤", 0),
        Figure("the longest that one took to open, s", max((line["seconds"] for line in results), default=0)),
    ]


def endangered(folder: Path) -> list[Figure]:
    """Make each hazard happen once."""
    from ganstudio.bench.hazards import HAZARDS

    folder.mkdir(parents=True)
    for place in (folder, folder.parent):
        place.chmod(0o755)  # one of them becomes another user, who has to get there
    good = 0
    for index, name in enumerate(HAZARDS):
        passing(f"hazards: {name}")
        wrong = "nothing was said"
        try:
            for line in lines("ganstudio.bench.hazards", folder / f"{index}", name, patience=HANG_SECONDS):
                wrong = line["wrong"]
        except Ended as end:
            wrong = str(end)
        good += not wrong
        if wrong:
            _say(name, wrong)
    return [Figure(f"hazards of {len(HAZARDS)} that lose nothing and are told", good, "≥", len(HAZARDS))]


def _behind(kill: dict) -> int:
    return max(0, kill["reached"] - kill["resumed"])


def _say(what: str, words: str) -> None:
    """Tell what went wrong beside the figures, which stand alone on standard output."""
    passing("")
    print(f"{what}: {words}", file=sys.stderr, flush=True)
