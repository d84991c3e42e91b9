"""The best classical tool a user has for each task: what the network must beat to be worth it.

A tool turns a `Trial` into a picture. Where it has a free parameter, the value with the best PSNR
is chosen *in hindsight*, picture by picture, from a small grid: nobody at a slider can do that, so
the comparison leans towards the classical side. The noise level is told to those who ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import FloatArray
from engine.resize import enlarged
from trainer.bench.denoising import as_bytes, bm3d_rgb, from_bytes, nlm_lab, nlm_rgb
from trainer.bench.shadow_lift import shadows_lifted
from trainer.bench.sharpening import blur_kernels, deconvolved, disc, unsharp
from trainer.bench.trial import Tool, Trial, eight_bit
from trainer.dark_channel import dehazed
from trainer.metrics import psnr


def best_in_hindsight(trial: Trial, candidates: Iterable[FloatArray]) -> FloatArray:
    """The candidate nearest to the clean picture by PSNR, as it would be saved in 8 bit."""
    return max((eight_bit(c) for c in candidates), key=lambda c: psnr(c, trial.clean))


def nlm(trial: Trial) -> FloatArray:
    """OpenCV's non-local means, with `h` in proportion to the known noise.

    Both forms are tried: on L*a*b* with 7 x 7 patches, as OpenCV's documentation shows it, and on
    RGB with patches of 3 x 3, which Buades, Coll and Morel (IPOL 2011) advise for such noise.
    """
    tuned = [_nlm_rgb(trial, factor) for factor in (0.75, 0.9, 1.1)]
    return best_in_hindsight(trial, [*tuned, _nlm_lab(trial, 0.6)])


def nlm_wide(trial: Trial) -> FloatArray:
    """`nlm` for noise that is not white: only its size is known, so more values are tried."""
    tuned = [_nlm_rgb(trial, factor) for factor in (0.6, 0.9, 1.3, 1.9)]
    return best_in_hindsight(trial, [*tuned, *(_nlm_lab(trial, f) for f in (0.6, 1.2, 2.4))])


def cbm3d(trial: Trial) -> FloatArray:
    """CBM3D (Dabov, Foi, Katkovnik and Egiazarian 2007) by its authors' package, sigma known.

    Raises `ImportError` where that is not installed.
    """
    return eight_bit(_cbm3d(trial, 1.0))


def cbm3d_wide(trial: Trial) -> FloatArray:
    """`cbm3d` for camera noise: sigma chosen in hindsight around the true size of the error."""
    return best_in_hindsight(trial, (_cbm3d(trial, factor) for factor in (0.7, 1.0, 1.6)))


def deblocking(trial: Trial) -> FloatArray:
    """Against JPEG blocks and ringing: light non-local means, or a bilateral filter.

    The picture itself stands in the grid too, for a user who sees no gain.
    """
    image = trial.degraded
    means = (_nlm_rgb(trial, factor) for factor in (0.4, 0.7, 1.0))
    soft = (_bilateral(image, r, s) for r, s in product((0.04, 0.08), (1.5, 3.0)))
    return best_in_hindsight(trial, (image, *means, *soft))


def lanczos(trial: Trial) -> FloatArray:
    """Lanczos enlargement (OpenCV's, 8 x 8 pixels)."""
    return eight_bit(enlarged(trial.degraded, trial.scale))


def nlm_lanczos(trial: Trial) -> FloatArray:
    """Non-local means on the small picture, then Lanczos; for small pictures with noise."""
    small = (nlm_rgb(trial.degraded, h) for h in (2.0, 4.0, 7.0, 11.0))
    return best_in_hindsight(trial, (enlarged(image, trial.scale) for image in small))


def sharpened(trial: Trial) -> FloatArray:
    """Unsharp mask, or deconvolution with one of many usual kernels, of the values as they are or
    of the light that they stand for, whichever came nearest."""
    image, light = trial.degraded, srgb_to_linear(np.clip(trial.degraded, 0, 1))
    masks = (unsharp(image, s, a) for s, a in product((0.7, 1.2, 2.0), (0.3, 0.7, 1.5)))
    plain = best_in_hindsight(trial, masks)
    kernels = tuple(blur_kernels())
    as_is = (eight_bit(r) for kernel in kernels for r in deconvolved(image, kernel, (4, 12)))
    in_light = (
        eight_bit(linear_to_srgb(r))
        for kernel in kernels
        for r in deconvolved(light, kernel, (4, 12))
    )
    return best_in_hindsight(trial, chain((plain,), as_is, in_light))


def sharpened_once(trial: Trial) -> FloatArray:
    """Richardson-Lucy, four rounds in linear light, for a lens out of focus by three pixels."""
    light = srgb_to_linear(np.clip(trial.degraded, 0, 1))
    (sharp,) = deconvolved(light, disc(3.0), (4,))
    return eight_bit(linear_to_srgb(sharp))


def dark_channel_once(trial: Trial) -> FloatArray:
    """Dark channel prior that takes eight tenths of the haze away."""
    return eight_bit(dehazed(trial.degraded, 0.8))


def brightened_once(trial: Trial) -> FloatArray:
    """Three stops more, and strong non-local means."""
    light = srgb_to_linear(np.clip(trial.degraded, 0, 1))
    return eight_bit(nlm_rgb(linear_to_srgb(np.clip(8 * light, 0, 1)), 12.0))


def colour_balanced_once(trial: Trial) -> FloatArray:
    """Automatic contrast of each channel from end to end, and an exponent of 1.2."""
    return eight_bit(_stretched(trial.degraded, 0.0) ** np.float32(1.2))


def dark_channel(trial: Trial) -> FloatArray:
    """Dark channel prior; how much haze to take away chosen in hindsight."""
    amounts = (0.5, 0.7, 0.85, 0.95)
    return best_in_hindsight(trial, (dehazed(trial.degraded, amount) for amount in amounts))


def streak_filters(trial: Trial) -> FloatArray:
    """What a photographer has against rain and snow: median, bilateral, morphological opening.

    The opening removes what is bright and small; half of it is mixed in as well.
    """
    image, whole = trial.degraded, as_bytes(trial.degraded)
    medians = (from_bytes(cv2.medianBlur(whole, size)) for size in (3, 5, 7))
    soft = (_bilateral(image, r, s) for r, s in product((0.1, 0.25), (2.0, 4.0)))
    opened = [
        from_bytes(cv2.morphologyEx(whole, cv2.MORPH_OPEN, _ellipse(size))) for size in (3, 5)
    ]
    mixed = [np.asarray((image + o) / 2, np.float32) for o in opened]
    return best_in_hindsight(trial, (image, *medians, *soft, *opened, *mixed))


def brightened(trial: Trial) -> FloatArray:
    """Gamma, exposure in half stops, or CLAHE (Zuiderveld 1994) on L*, or that after a gamma; and
    non-local means on the best of them, if that helps."""
    image, light = trial.degraded, srgb_to_linear(np.clip(trial.degraded, 0, 1))
    gammas = [np.asarray(image ** np.float32(g), np.float32) for g in (0.8, 0.65, 0.5, 0.4, 0.3)]
    limits = (1.0, 2.0, 4.0)
    local = (_clahe(picture, limit) for picture, limit in product((image, gammas[2]), limits))
    gains = (np.float32(2 ** (half_stops / 2)) for half_stops in range(1, 10))
    exposed = (linear_to_srgb(np.clip(light * gain, 0, 1)) for gain in gains)
    lit = best_in_hindsight(trial, (*gammas, *local, *exposed))
    return best_in_hindsight(trial, (lit, *(nlm_rgb(lit, h) for h in (3.0, 6.0, 12.0))))


def shadows_once(trial: Trial) -> FloatArray:
    """The shadows slider at four stops, and light non-local means."""
    return eight_bit(nlm_rgb(shadows_lifted(trial.degraded, 4.0, 0.4), 4.5))


def shadows_best(trial: Trial) -> FloatArray:
    """The shadows slider, or what `brightened` tries, whichever came nearest; and non-local means
    on that, if it helps."""
    image = trial.degraded
    ways = product((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (0.25, 0.35, 0.4, 0.5, 0.75))
    lit = best_in_hindsight(trial, chain((image,), (shadows_lifted(image, *way) for way in ways)))
    quiet = (nlm_rgb(lit, h) for h in (3.0, 6.0, 12.0))
    return best_in_hindsight(trial, (lit, *quiet, brightened(trial)))


def colour_balanced(trial: Trial) -> FloatArray:
    """Grey world (Buchsbaum 1980), automatic contrast per channel, and one after the other; and a
    gamma for each channel that brings its mean half or all of the way to the others', and one for
    all of them."""
    image = trial.degraded
    world = np.clip(image * (image.mean() / np.maximum(image.mean((0, 1)), 1e-3)), 0, 1)
    world = np.asarray(world, np.float32)
    cuts = (0.0, 0.2, 1.0, 3.0)
    auto = [_stretched(picture, cut) for picture, cut in product((image, world), cuts)]
    bent = (picture for levels in auto[: len(cuts)] for picture in _neutral_midtones(levels))
    return best_in_hindsight(trial, chain((world, *auto), bent))


def _neutral_midtones(image: FloatArray) -> Iterator[FloatArray]:
    """What “neutral midtones” and a middle slider make of (h, w, 3) after levels."""
    means = np.clip(image.mean((0, 1)), 1e-3, 0.999)
    exponents = np.log(means.mean()) / np.log(means)
    for share, common in product((0.0, 0.5, 1.0), (0.8, 1.0, 1.2, 1.4)):
        yield np.asarray(image ** (exponents**share * common), np.float32)


def inpainted(trial: Trial) -> FloatArray:
    """OpenCV's inpainting, Telea 2004 and Navier-Stokes (Bertalmio 2001), with the *true* mask."""
    assert trial.mask is not None, "a set with scratches tells where they are"
    image, hole = as_bytes(trial.degraded), (trial.mask > 0.5).astype(np.uint8)
    wider = cv2.dilate(hole, np.ones((3, 3), np.uint8))
    ways = product((hole, wider), (3, 5), (cv2.INPAINT_TELEA, cv2.INPAINT_NS))
    filled = (from_bytes(cv2.inpaint(image, where, radius, way)) for where, radius, way in ways)
    return best_in_hindsight(trial, filled)


def _nlm_rgb(trial: Trial, factor: float) -> FloatArray:
    return nlm_rgb(trial.degraded, factor * trial.sigma * 255)


def _nlm_lab(trial: Trial, factor: float) -> FloatArray:
    return nlm_lab(trial.degraded, factor * trial.sigma * 255)


def _cbm3d(trial: Trial, factor: float) -> FloatArray:
    return bm3d_rgb(trial.degraded, factor * trial.sigma)


def _bilateral(image: FloatArray, reach: float, spread: float) -> FloatArray:
    return np.asarray(cv2.bilateralFilter(image, 0, reach, spread), np.float32)


def _clahe(image: FloatArray, limit: float) -> FloatArray:
    lab = cv2.cvtColor(as_bytes(image), cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(limit, (8, 8)).apply(lab[..., 0])
    return from_bytes(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def _stretched(image: FloatArray, cut: float) -> FloatArray:
    """Each channel from its darkest to its brightest, `cut` % aside at either end."""
    low, high = np.percentile(image, (cut, 100 - cut), axis=(0, 1))
    return np.asarray(np.clip((image - low) / np.maximum(high - low, 1e-3), 0, 1), np.float32)


def _ellipse(size: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def bicubic(trial: Trial) -> FloatArray:
    """Pillow's bicubic enlargement: the zero line of the super-resolution literature."""
    height, width = trial.clean.shape[:2]
    small = Image.fromarray(as_bytes(trial.degraded))
    return from_bytes(np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)))


TOOLS: Mapping[str, Tool] = {
    "NLM": nlm,
    "NLM (best h)": nlm_wide,
    "CBM3D": cbm3d,
    "CBM3D (best sigma)": cbm3d_wide,
    "deblocking": deblocking,
    "Lanczos": lanczos,
    "NLM + Lanczos": nlm_lanczos,
    "RL, set once": sharpened_once,
    "USM / RL": sharpened,
    "dark channel, set once": dark_channel_once,
    "dark channel": dark_channel,
    "median / bilateral": streak_filters,
    "exposure + NLM, set once": brightened_once,
    "exposure / CLAHE + NLM": brightened,
    "shadows + NLM, set once": shadows_once,
    "shadows / CLAHE + NLM": shadows_best,
    "levels, set once": colour_balanced_once,
    "levels / gamma": colour_balanced,
    "inpainting": inpainted,
}

SET_ONCE = frozenset(name for name in TOOLS if name.endswith(", set once"))
"""Tools with one setting for all pictures: like a preset they do not know the truth. It is the one
that is best, in the mean over the pictures of these sets, of what such a tool lets one choose."""

SLOW = frozenset({"CBM3D", "CBM3D (best sigma)"})
"""Tools that take minutes a picture and run on a few only."""
