"""Part of ``bench latent``: how soon the nearest of MNIST's 60,000 training images are found."""

from time import perf_counter

import torch

from ganstudio.bench.figure import Figure
from ganstudio.bench.latent_threads import on_one_core
from ganstudio.bench.watching import percentile
from ganstudio.experiment.files import preset as shipped
from ganstudio.latent.neighbours import CompareDistances, FindNeighbours
from ganstudio.latent.neighbours_study import compare_distances, find_neighbours
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training.trainer import Trainer

PRESET = "dcgan-mnist"
QUERIES = 40
INDEX_SECONDS, QUERY_MS = 10.0, 100.0
PROBES = {"generator": GeneratorProbe(), "discriminator": DiscriminatorProbe(), "images": ImagesProbe()}


def figures(preset: str = PRESET, queries: int = QUERIES) -> list[Figure]:
    """Seconds for the index, milliseconds for a query: from the z of one sample to its 8 neighbours with images."""
    trainer = Trainer(shipped(preset))
    with on_one_core():
        return _figures(preset, trainer, queries)


def _figures(preset: str, trainer: Trainer, queries: int) -> list[Figure]:
    kept: dict = {}

    def seconds(study, request) -> float:
        begun = perf_counter()
        workshop = Workshop(lambda probe, **options: PROBES[probe].frame(trainer, **options), fresh(), kept)
        for _ in study(workshop, request):
            pass
        return perf_counter() - begun

    def fresh():
        return PROBES["generator"].frame(trainer)

    z = trainer.noise.draw(queries, torch.Generator().manual_seed(0)).numpy()
    index = seconds(find_neighbours, FindNeighbours(z[:1], features=False))
    features = seconds(find_neighbours, FindNeighbours(z[:1]))
    pixels, both = (
        [1000 * seconds(find_neighbours, FindNeighbours(one[None], features=wanted)) for one in z]
        for wanted in (False, True)
    )
    seconds(compare_distances, CompareDistances())
    again = seconds(compare_distances, CompareDistances(seed=1))
    name = f"{len(trainer.data):,} images of {trainer.experiment.data.kind}"
    slow = [percentile(times, 95) for times in (pixels, both)]
    return [
        Figure(f"neighbours among {name}: index and first query in pixels, s", index, "≤", INDEX_SECONDS),
        Figure(f"neighbours among {name}: D's features of all ({preset}), s", features, "≤", INDEX_SECONDS),
        Figure(f"neighbours among {name}: query in pixels, p95, ms", slow[0], "≤", QUERY_MS),
        Figure(f"neighbours among {name}: query in pixels and D's features, p95, ms", slow[1], "≤", QUERY_MS),
        Figure("distances of 256 samples to their nearest training images, s", again),
    ]
