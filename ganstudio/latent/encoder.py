"""The encoder: a network that guesses z from a sample, trained on G's own samples. What is asked and answered."""

from dataclasses import dataclass

from ganstudio.latent.requests import Study

ENCODER_FILE = "encoder.safetensors"
"""Its name in a run's folder."""


@dataclass(frozen=True)
class FitEncoder(Study):
    """Train an encoder on samples of G as it is now. Answered by ``EncoderNews``; it is kept when it is done."""

    seed: int = 0
    steps: int = 1500
    seconds: float = 60.0
    """It ends after so long at the latest, with what it has learned by then."""
    save_to: str = ""
    """File that it is saved in; empty for none."""


@dataclass(frozen=True)
class SaveEncoder(Study):
    """Save the encoder that is kept, if there is one. Answered by ``EncoderNews``."""

    save_to: str


@dataclass(frozen=True)
class EncoderNews:
    """How the encoder does."""

    steps: int
    """Of its training."""
    error: float
    """Mean squared error of G(E(x)) to fresh own samples x: pixels in 0…1."""
    errors: tuple[float, ...] = ()
    """The course of it, from first to last."""
    saved: str = ""
    """File that it was saved in."""
    unsaved: str = ""
    """Why it was not, in a sentence."""
