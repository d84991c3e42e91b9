"""What the sliders do to the picture on screen, at once and without a new run."""

from __future__ import annotations

import logging
import time

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.colour import to_srgb
from engine.compose import Blend, Regions
from engine.mix import Mixer
from engine.photo import Box, FloatArray, Photo, floats
from engine.resize import enlarged
from restorer_app.gui.compare.brush import Masks
from restorer_app.gui.compare.compare_view import CompareView
from restorer_app.gui.compare.display_colour import over_ground
from restorer_app.gui.compare.picture import Picture, seen_through
from restorer_app.gui.compare.scene import Visible
from restorer_app.variants import Variant

log = logging.getLogger(__name__)

PLAIN = Blend()
_OFTEN = 25
"""Milliseconds between two mixes while the view moves, at least."""


class LiveMix(QObject):
    """Lays the mix of what is visible over the view whenever it differs from the whole change.

    The two pictures of the visible region are taken from the view once for every place; moving a
    slider only mixes them anew. The result of a region, while there is one, takes their place.
    While the view moves, the mix follows as often as time allows: what comes into sight would be
    the whole change.
    """

    remixed = Signal()
    """The mix of the whole photo is another one, not only that of the place in sight."""
    prepared_anew = Signal()
    """It is one of other pictures, masks or faces."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._blend = PLAIN
        self._faces: tuple[Box, ...] = ()
        self._gray = False
        self._mixer: Mixer | None = None
        self._masks = Masks()
        """Those that the mixer is made with."""
        self._seen: Visible | None = None
        self._region: Visible | None = None
        self._layered = False
        self._follow = view.single_shot(_OFTEN, self._follow_now)
        view.moving.connect(self._follow_soon)
        view.refined.connect(self.moved)
        view.colour_changed.connect(self.refresh)

    @property
    def blend(self) -> Blend:
        return self._blend

    def set_blend(self, blend: Blend) -> None:
        if blend != self._blend:
            self._blend = blend
            self.remixed.emit()
        self.refresh()

    def set_photo(self, *, gray: bool) -> None:
        """Another photo is shown; `gray` keeps a gray one gray."""
        self._gray, self._faces, self._region = gray, (), None
        self.changed()

    def set_faces(self, faces: tuple[Box, ...]) -> None:
        """Where faces are, in pixels of the photo."""
        if faces != self._faces:
            self._faces = faces
            self.changed()

    def show_region(self, region: Visible | None) -> None:
        """Show the result of a region of the photo; None once that of the whole is there."""
        if region is not self._region:
            self._region = region
            self.changed()

    def moved(self) -> None:
        """The view shows another place, or shows it better. A region lies still on the photo."""
        if self._region is None:
            self._prepare_anew()

    def _follow_soon(self) -> None:
        if self._layered and self._region is None and not self._follow.isActive():
            self._follow.start()

    def _follow_now(self) -> None:
        start = time.perf_counter()
        self.moved()
        # Twice as long as it took is left to the view itself.
        self._follow.setInterval(max(_OFTEN, round(2000 * (time.perf_counter() - start))))

    def changed(self) -> None:
        """Another picture, mask or face: what was prepared is of no use."""
        self.prepared_anew.emit()
        self.remixed.emit()
        self._prepare_anew()

    def _prepare_anew(self) -> None:
        self._mixer = self._seen = None
        self.refresh()

    @property
    def is_plain(self) -> bool:
        """Whether what is shown is the source, or the result as it is."""
        masks = self._view.masks()
        painted = masks.keep is not None or masks.restore is not None
        return (self._blend == PLAIN and not painted) or self._view.variant < 0

    def refresh(self) -> None:
        """Show the mix."""
        masks = self._view.masks()
        if self._view.photo is None or (self.is_plain and self._region is None):
            self._clear()
            return
        mixer, seen = self._ready(masks)
        if mixer is None or seen is None:
            self._clear()
            return
        whole = self._region is None
        self._view.set_live(mixer.mix(self._blend), seen.box, self._mixed if whole else None)
        self._layered = True

    def _mixed(self, seen: Visible) -> NDArray[np.uint8]:
        """The mix of another place."""
        return self.mixer_of(seen, self._masks).mix(self._blend)

    def _clear(self) -> None:
        if self._layered:
            self._view.clear_live()
            self._layered = False

    def _ready(self, masks: Masks) -> tuple[Mixer | None, Visible | None]:
        if self._mixer is None:
            self._seen = self._region or self._view.visible_pixels()
            if self._seen is not None and self._seen.before.shape == self._seen.after.shape:
                self._mixer, self._masks = self.mixer_of(self._seen, masks), masks
        return self._mixer, self._seen

    def mixer_of(self, seen: Visible, masks: Masks) -> Mixer:
        """What mixes two pictures of a place of the photo, with the faces and masks there."""
        regions = self._regions(seen, masks)
        return Mixer(seen.before, seen.after, regions, zoom=seen.zoom, gray=self._gray)

    def _regions(self, seen: Visible, masks: Masks) -> Regions:
        """Faces and masks in pixels of what is seen."""
        photo = self._view.photo
        assert photo is not None
        height, width = photo.pixels.shape[:2]
        return Regions(
            faces=tuple(_on_screen(face, seen) for face in self._faces),
            keep=_part(masks.keep, seen, width, height),
            restore=_part(masks.restore, seen, width, height),
        )


def region_seen(variant: Variant | None, photo: Photo) -> Visible | None:
    """The result of a region with its source, at the size of the result."""
    region = None if variant is None else variant.result.request.region
    if variant is None or region is None or not variant.is_available:
        return None
    after = (np.load(variant.result.restored) >> 8).astype(np.uint8)
    scale = after.shape[1] // region.width
    part = np.ascontiguousarray(photo.pixels[region.slices])
    before = np.rint(np.clip(enlarged(to_srgb(part, photo.profile), scale), 0, 1) * 255)
    alpha = seen_through(photo.cropped(region))
    alpha = Picture("", after, alpha=alpha).alpha_part(slice(None), slice(None))
    both = (over_ground(picture, alpha) for picture in (before.astype(np.uint8), after))
    return Visible(region, float(scale), *both)


def _on_screen(face: Box, seen: Visible) -> Box:
    """A face of the photo in pixels of the screen.

    It may lie out of sight, in part or wholly: what is protected reaches over its edges, and is an
    ellipse of the whole face.
    """
    height, width = seen.before.shape[:2]
    x, y = width / seen.box.width, height / seen.box.height
    left, top = round((face.left - seen.box.left) * x), round((face.top - seen.box.top) * y)
    right, bottom = round((face.right - seen.box.left) * x), round((face.bottom - seen.box.top) * y)
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def _part(mask: FloatArray | None, seen: Visible, width: int, height: int) -> FloatArray | None:
    """The seen part of a mask of the whole photo, at the size of the screen."""
    if mask is None:
        return None
    rows, columns = mask.shape
    size = (seen.before.shape[1], seen.before.shape[0])
    across = seen.box.width * columns / width / size[0]
    down = seen.box.height * rows / height / size[1]
    # the half pixels are for the middles of pixels, which are what is mapped onto each other
    left = seen.box.left * columns / width + 0.5 * across - 0.5
    top = seen.box.top * rows / height + 0.5 * down - 0.5
    matrix = np.array([[across, 0, left], [0, down, top]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(mask, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return floats(np.clip(warped, 0, 1))
