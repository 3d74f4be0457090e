"""The benchmarks behind ``ganstudio bench``, one file each: a function ``measure(preset) -> list[Figure]``."""

import importlib
import sys

from ganstudio.experiment.errors import StudioError

BENCHMARKS = {
    "watching": "what an open window costs the training, and how promptly it answers meanwhile",
    "latent": "how promptly the latent space answers, and how good what is found there is",
    "plane": "what watching a game in the plane costs, with every layer on",
    "engine": "our step against a textbook loop of the same algorithm",
    "startup": "from the command to the first paint, and from Train to the first step",
    "history": "drawing and keeping a million recorded steps",
    "digits": "whether dcgan-mnist draws digits after a minute",
    "doctor": "how often the doctor is wrong about healthy runs, and how soon right about sick ones",
    "toys": "whether points of known density are learnt, seed by seed",
    "faults": "what kills, damaged files, failing disks and failing code leave of a run",
    "soak": "memory, threads and frames over a million steps, and hundreds of cycles of random actions",
}
SEEDED = ("toys", "faults", "soak")
"""Those of which ``--seeds`` says how long they are."""


def run(name: str, preset: str | None, as_json: bool, seeds: int | None = None) -> int:
    """Run a benchmark and print its figures; 0 also when a target is missed, 2 for a bad name.

    ``seeds`` is how many runs ``toys`` trains of each case, how many ``faults`` kills, how many cycles ``soak`` makes;
    None takes the benchmark's own number.
    With ``as_json`` standard output carries one JSON object and nothing else.
    """
    from ganstudio.bench import figure

    try:
        if name not in BENCHMARKS:
            raise StudioError(f"there is no benchmark called {name!r}; choose one of {', '.join(BENCHMARKS)}")
        if seeds is not None and name not in SEEDED:
            raise StudioError(f"bench {name} has one length only; leave it out", "--seeds")
        more = {} if seeds is None else {"seeds": seeds}
        figures = importlib.import_module(f"ganstudio.bench.{name}").measure(preset, **more)
    except StudioError as error:
        print(f"ganstudio: {error}", file=sys.stderr)
        return 2
    print(figure.as_json(name, figures) if as_json else figure.as_table(name, figures), flush=True)
    return 0
