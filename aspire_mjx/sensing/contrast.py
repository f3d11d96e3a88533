"""What a picture's light leaves of the pixels that a detector has to go by.

A thing is detected the more surely, the larger the number of its pixels times the square of its contrast over the
picture's noise (Rose, "The sensitivity performance of the human eye on an absolute scale", 1948). So a thing that
stands out less than in the nominal light counts as one of fewer pixels: its share of signal in signal and noise,
``c^2 / (c^2 + s^2)``, over the one that it has in the nominal light.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aspire_mjx.sensing.render import GBuffer

#: Noise of a pixel, grey levels of 255: a signal-to-noise ratio of 40 dB, as of good industrial cameras in full light.
PIXEL_NOISE = 2.55


def told_apart(seen: GBuffer, pictures: np.ndarray, nominal: np.ndarray) -> GBuffer:
    """Images whose things have as many ``pixels`` as count in their light.

    Args:
        seen: ``N`` images.
        pictures: ``[N, H, W, 3]`` uint8 their colours.
        nominal: ``[N, H, W, 3]`` uint8 what these would be in the nominal light; where they are the same, so is the
            number of pixels.
    """
    pixels = np.array(seen.pixels)
    for row, segmentation in enumerate(np.asarray(seen.segmentation)):
        now, usual = (_signal(picture[row], segmentation, pixels.shape[1]) for picture in (pictures, nominal))
        share = np.divide(now, usual, out=np.ones_like(now), where=usual > 0)
        pixels[row] = np.round(pixels[row] * np.minimum(share, 1.0))
    return replace(seen, pixels=pixels)


def _signal(picture: np.ndarray, segmentation: np.ndarray, instances: int) -> np.ndarray:
    """Share of signal ``[I]`` in what the steps of colour between each instance and its surroundings show."""
    power, count = np.zeros(instances + 1), np.zeros(instances + 1)
    colours, labels = picture.astype(float), segmentation.astype(int) + 1
    for axis in (0, 1):
        one, other = (np.take(labels, range(start, labels.shape[axis] - 1 + start), axis) for start in (0, 1))
        edge = one != other
        step = (np.diff(colours, axis=axis)[edge] ** 2).mean(axis=1)
        for side in (one[edge], other[edge]):
            power += np.bincount(side, step, instances + 1)
            count += np.bincount(side, minlength=instances + 1)
    squared = power[1:] / np.maximum(count[1:], 1)
    return squared / (squared + PIXEL_NOISE**2)
