"""A picture brought to the size and channels of G's images."""

import numpy as np
from PySide6.QtCore import Qt

from ganstudio.ui.widgets.sample_drag import image_of, pixels_of


def fitted(pixels: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """(h, w, 1 or 3) uint8 → ``shape`` (H, W, C) uint8: scaled to cover it, the middle cut out; the same size stays."""
    height, width, channels = shape
    if pixels.shape[:2] != (height, width):
        smooth, cover = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatioByExpanding
        large = image_of(pixels).scaled(width, height, cover, smooth)
        pixels = pixels_of(large.copy((large.width() - width) // 2, (large.height() - height) // 2, width, height))
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=2)
    if (pixels == pixels[..., :1]).all():
        return pixels[..., :1].copy()  # grey already: to the bit
    grey = pixels @ np.array([0.299, 0.587, 0.114])
    return np.rint(grey).astype(np.uint8)[..., None]
