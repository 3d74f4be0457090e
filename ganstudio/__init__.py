"""GAN Studio: train generative adversarial networks live, and watch the game as it is played."""

__version__ = "0.1.0"
