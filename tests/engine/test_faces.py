import subprocess
import sys

import numpy as np
import pytest

from engine.colour import adobe_rgb, from_srgb
from engine.errors import MissingWeights
from engine.face_networks import _stored
from engine.faces import faces_of, find_faces
from engine.files import load
from engine.photo import Box, FloatArray, Photo
from engine.resources import resource
from tests.engine.drawn_face import drawn_face


def _wall(height: int, width: int, faces: dict[tuple[int, int], int]) -> FloatArray:
    """A gray wall with faces whose corners (left, top) and sides are given."""
    wall = np.full((height, width, 3), (0.55, 0.6, 0.62), np.float32)
    for (left, top), side in faces.items():
        wall[top : top + side, left : left + side] = drawn_face(side)
    return wall


def _holds(box: Box, left: int, top: int, side: int) -> bool:
    """Whether the box lies on eyes and mouth of the face drawn there."""
    eyes, mouth = top + 0.475 * side, top + 0.7 * side
    inside = box.left < left + 0.4 * side < left + 0.6 * side < box.right
    return inside and box.top < eyes < mouth < box.bottom and box.width < side


def test_faces_are_found_where_they_are_largest_first() -> None:
    wall = _wall(500, 800, {(40, 60): 200, (500, 100): 300, (330, 20): 90})
    found = find_faces(wall)
    assert len(found) == 3
    for box, place in zip(found, ((500, 100, 300), (40, 60, 200), (330, 20, 90)), strict=True):
        assert _holds(box, *place)


def test_faces_of_a_large_photo_are_in_its_own_pixels() -> None:
    pixels = _wall(1500, 2600, {(1500, 300): 900})
    (box,) = find_faces(pixels)
    assert _holds(box, 1500, 300, 900)
    profile = adobe_rgb()
    photo = Photo(pixels=from_srgb(pixels, profile).copy(), profile=profile)
    (same,) = faces_of(photo)
    assert np.abs(np.subtract((same.left, same.bottom), (box.left, box.bottom))).max() < 12


def test_a_face_at_the_edge_gives_a_box_inside_the_picture() -> None:
    picture = drawn_face(300)[60:, :230]
    (box,) = find_faces(np.ascontiguousarray(picture))
    assert box.right <= 230
    assert box.bottom <= 240


def test_the_astronaut_has_a_face_and_the_coffee_has_none() -> None:
    (box,) = faces_of(load(resource("samples", "astronaut-noise.jpg")))
    assert box.width > 50
    assert faces_of(load(resource("samples", "coffee-jpeg.png"))) == ()


@pytest.mark.parametrize("shape", [(1, 1), (8, 400), (30, 30)])
def test_pictures_too_small_for_a_face_have_none(shape: tuple[int, int]) -> None:
    assert find_faces(np.random.default_rng(0).random((*shape, 3), np.float32)) == ()


def test_without_the_weights_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _stored.cache_clear()
    monkeypatch.setattr("engine.face_networks.find_spec", lambda name: None)
    with pytest.raises(MissingWeights, match="finds faces"):
        find_faces(np.zeros((60, 60, 3), np.float32))


def test_the_networks_are_loaded_only_when_faces_are_looked_for() -> None:
    code = (
        "import sys, engine, engine.faces, engine.compose, engine.mix;"
        "sys.exit(any(m in sys.modules for m in ('engine.face_networks', 'mtcnn', 'torch')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
