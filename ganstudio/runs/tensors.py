"""Tensors by name in one safetensors file. The format holds numbers and text only: nothing in it can be executed."""

import hashlib
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ganstudio.experiment.errors import StudioError


def plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """As they are written: on the CPU, contiguous."""
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}


def dumps(tensors: dict[str, Tensor], texts: dict[str, str]) -> bytes:
    """The content of a file with these tensors, and these texts in its header."""
    return safetensors.torch.save(plain(tensors), texts)


def fingerprint(tensors: dict[str, Tensor]) -> str:
    """SHA-256 of plain tensors with their names, types and shapes: a flipped bit on the disk shows."""
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors on the CPU, and the texts; ``StudioError`` naming the file when it is damaged."""
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (SafetensorError, ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise StudioError(f"is damaged or not a safetensors file ({first_line(error)})", str(path)) from None


def first_line(error: Exception) -> str:
    """What a library complains about, short enough for a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
