"""Makes ``dcgan-pixel-faces.json``: named directions of the shipped generator of faces, found by logistic regression.

    python resources/latent/make_directions.py [FILE]

The small shipped classifier of faces labels ``SAMPLES`` of G's samples, as "Label" does in the window; those that it
is not sure of are left out. Then ``bench latent``'s figures say what the directions change in samples that are fresh,
by the opinion of the same classifier.
Seeded; some ten seconds.
"""

import sys
from pathlib import Path

from ganstudio.bench.figure import as_table
from ganstudio.bench.latent_attributes import PRESET, Faces, figures
from ganstudio.latent.keepsakes import Keepsakes, NamedDirection
from ganstudio.latent.labelling import labelled
from ganstudio.latent.opinions import sure
from ganstudio.runs.shelf import write_keepsakes

NAMES = ("glasses", "long hair", "dark hair")
SAMPLES, SEED = 500, 0
LABELLED = "labelled by the shipped classifier of faces where it was sure; it judges the effect too"


def directions(names: tuple[str, ...] = NAMES, samples: int = SAMPLES) -> Keepsakes:
    """One direction for each of these attributes."""
    faces, found = Faces(), Keepsakes()
    z = faces.draw(samples, SEED)
    judged = faces.judged(z)
    for name in names:
        probability = judged[:, faces.attributes.index(name)]
        kept = sure(probability)
        fit = labelled(z[kept], probability[kept] > 0.5)
        source = f"{fit.have} samples with and {fit.have_not} without, {LABELLED}"
        found = found.with_direction(NamedDirection(name, fit.vector, source, fit.accuracy, fit.strength))
    return found


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name(f"{PRESET}.json")
    kept = directions()
    write_keepsakes(file, kept)
    for one in kept.directions:
        print(f"{one.name}: told apart {one.accuracy:.1%} (cross-validated), {one.source}")
    print(as_table("latent_attributes", figures()))
