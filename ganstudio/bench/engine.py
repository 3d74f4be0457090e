"""``bench engine``: our step against a textbook loop of the same algorithm (``textbook.py``), in steps per second.

Ours does more in a step: it keeps the running average of G and eight metrics, which the textbook's does not. Both run
on the CPU, on the number of threads that is best for ours.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from ganstudio.bench.figure import Figure, median_ratio, paired
from ganstudio.bench.textbook import Textbook
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.files import preset as shipped
from ganstudio.networks.products import ONEDNN
from ganstudio.progress import passing
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer

SECONDS = 1.0
"""Length of each half of a pair: short, since a machine's speed wanders from one second to the next."""
PAIRS = 15
WARM_UP = 5
MATRIX = 1024
TARGETS = {"mlp-mnist": 1.25, "DCGAN 32 px, width 32": 1.25, "DCGAN 32 px, width 64": 1.15}
"""What our speed over the textbook's must reach."""
SHARES = {"DCGAN 32 px, width 64": 0.7}
"""What our FLOP/s over the machine's must reach."""


def _product_flops(x: torch.Size, weight: torch.Size, *_: Any, **__: Any) -> int:
    """Of a fully connected layer through oneDNN: (N, i) times (o, i)."""
    return 2 * x.numel() * weight[0]


FLOPS = {torch.ops.mkldnn._linear_pointwise: _product_flops} if ONEDNN else {}
"""What torch's counter does not know of."""


def measure(preset: str | None) -> list[Figure]:
    """The three cases of ``TARGETS``, or one preset."""
    cases = default_cases() if preset is None else {preset: shipped(preset)}
    return [figure for name, experiment in cases.items() for figure in measure_case(name, experiment)]


def default_cases() -> dict[str, Experiment]:
    """Name → experiment of the cases that have a target."""
    return {
        "mlp-mnist": shipped("mlp-mnist"),
        "DCGAN 32 px, width 32": dcgan(32),
        "DCGAN 32 px, width 64": dcgan(64),
    }


def dcgan(width: int) -> Experiment:
    """MNIST at 32 pixels with a DCGAN of this width and 100 noise dimensions."""
    edits: dict[str, Any] = {
        "data.size": 32,
        "noise.dim": 100,
        "players.generator.network.hidden": 0,
        "players.discriminator.network.hidden": 0,
        "players.generator.network.width": width,
        "players.discriminator.network.width": width,
    }
    experiment = shipped("dcgan-mnist")
    for path, value in edits.items():
        experiment, _ = change(experiment, path, value)
    return experiment


def measure_case(name: str, experiment: Experiment, seconds: float = SECONDS) -> list[Figure]:
    """Speed over the textbook's, in float32 and with bf16, and the share of the machine's FLOP/s.

    Raises ``StudioError`` for an experiment that the textbook's loop does not play.
    """
    Textbook.check(experiment)
    ours = Trainer(experiment)
    torch.set_num_threads(threads_for(experiment, ours))
    half = Trainer(change(experiment, "precision", "bf16")[0])
    textbook = Textbook(ours).steps()
    steps = {"textbook": lambda: next(textbook), "ours": ours.step, "bf16": half.step}
    for step in steps.values():
        for _ in range(WARM_UP):
            step()
    with FlopCounterMode(display=False, custom_mapping=FLOPS) as counter:
        ours.step()
    machine: list[float] = []

    def rate(kind: str) -> Callable[[], float]:
        def measured() -> float:
            passing(f"{name}: {kind}")
            machine.append(matmul_rate())
            return steps_per_second(steps[kind], seconds)

        return measured

    pairs = paired(rate("ours"), rate("textbook"), PAIRS)
    half_pairs = paired(rate("bf16"), rate("textbook"))
    passing("")
    speed = median(pair[0] for pair in pairs)
    share = counter.get_total_flops() * speed / median(machine)
    return [
        Figure(f"{name}: steps/s over the textbook's", median_ratio(pairs), "≥", TARGETS.get(name)),
        Figure(f"{name}: FLOP/s over the machine's in a matrix product", share, "≥", SHARES.get(name)),
        Figure(f"{name}: the same with bf16, steps/s over the textbook's", median_ratio(half_pairs)),
        Figure(f"{name}: ours, ms/step", 1e3 / speed),
        Figure(f"{name}: textbook, ms/step", 1e3 / median(pair[1] for pair in pairs)),
        Figure(f"{name}: GFLOP/step", counter.get_total_flops() / 1e9),
        Figure(f"{name}: threads", torch.get_num_threads()),
    ]


def steps_per_second(step: Callable[[], Any], seconds: float) -> float:
    """Rate over a slice of time."""
    start, count = perf_counter(), 0
    while perf_counter() - start < seconds:
        step()
        count += 1
    return count / (perf_counter() - start)


def matmul_rate() -> float:
    """FLOP/s of a large float32 matrix product on torch's threads as they are."""
    a, b = torch.ones(MATRIX, MATRIX), torch.ones(MATRIX, MATRIX)
    a @ b
    return 2 * MATRIX**3 * steps_per_second(lambda: a @ b, 0.2)
