"""Which function works at which study. Imports torch.

To add one: a frozen dataclass that is a ``Study``, a generator function ``(workshop, request)`` that yields
``(share, value)`` after each slice of at most some 50 ms of work, the last with share 1, and a line here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ganstudio.latent.encoder import FitEncoder, SaveEncoder
from ganstudio.latent.encoder_study import fit_encoder, save_encoder
from ganstudio.latent.finding import find_directions
from ganstudio.latent.inversion import Invert
from ganstudio.latent.inversion_study import invert
from ganstudio.latent.labelling import FitLabels
from ganstudio.latent.labelling_study import ask_judge, fit
from ganstudio.latent.neighbours import CompareDistances, FindNeighbours
from ganstudio.latent.neighbours_study import compare_distances, find_neighbours
from ganstudio.latent.opinions import AskJudge
from ganstudio.latent.principal import FindDirections
from ganstudio.latent.render_all import RenderAll, render_all
from ganstudio.latent.requests import Study
from ganstudio.latent.sketch_study import find_sketched
from ganstudio.latent.sketching import FindSketched
from ganstudio.latent.workshop import Workshop

STUDIES: dict[type[Study], Callable[[Workshop, Any], Iterator[tuple[float, Any]]]] = {
    RenderAll: render_all,
    FindDirections: find_directions,
    FindNeighbours: find_neighbours,
    CompareDistances: compare_distances,
    FindSketched: find_sketched,
    Invert: invert,
    FitEncoder: fit_encoder,
    SaveEncoder: save_encoder,
    FitLabels: fit,
    AskJudge: ask_judge,
}
"""Request → what works at it."""
