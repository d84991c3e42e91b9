"""What the filmstrip shows of RAW files."""

from __future__ import annotations

from pathlib import Path

from engine.formats.raw import preview_in
from restorer_app.gui.film.thumbnail_source import thumbnail
from tests.engine.made_raw import dng, scene, shown


def test_the_filmstrip_shows_a_photo_whose_small_picture_is_damaged(
    tmp_path: Path, qapp: object
) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), preview=shown(scene(), 1)[:700]))
    found = thumbnail(path, 64)
    assert found is not None
    assert found.pixelColor(54, 40).lightness() > 240


def test_the_filmstrip_shows_the_cameras_picture_upright(tmp_path: Path, qapp: object) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), orientation=6, preview=shown(scene(), 1)))
    found = preview_in(path)
    assert found is not None
    assert found[1] == 6
    small = thumbnail(path, 64)
    assert small is not None
    assert (small.width(), small.height()) == (48, 64)
    assert small.pixelColor(10, 54).lightness() > 240  # white, lower right as it is stored
    path.write_bytes(dng(scene(), orientation=6))
    without = thumbnail(path, 64)
    assert without is not None
    assert (without.width(), without.height()) == (48, 64)
