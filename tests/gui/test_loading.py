"""What is read in the background: photos, thumbnails, faces."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.errors import OutOfMemory
from engine.photo import Box, Photo
from restorer_app.gui.darkroom import face_finder, photo_loader
from restorer_app.gui.darkroom.face_finder import FaceFinder
from restorer_app.gui.darkroom.photo_loader import PhotoLoader
from restorer_app.gui.film.thumbnail_source import thumbnail
from tests.app.conftest import write_photo
from tests.app.engine_doubles import Loop


class Gate:
    """A way of loading that waits until a test lets it through."""

    def __init__(self, real: Callable[..., object]) -> None:
        self._real, self.asked = real, list[object]()
        self.opened, self.reached = threading.Event(), threading.Event()

    def __call__(self, what: object) -> object:
        self.asked.append(what)
        self.reached.set()
        assert self.opened.wait(30)
        return self._real(what)


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def loader(loop: Loop) -> Iterator[PhotoLoader]:
    loader = PhotoLoader(loop.post)
    yield loader
    loader.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate(photo_loader.load)
    monkeypatch.setattr(photo_loader, "load", gate)
    return gate


def test_a_photo_is_read_once_and_then_there_at_once(
    loader: PhotoLoader, loop: Loop, tmp_path: Path
) -> None:
    place = write_photo(tmp_path / "a.png")
    told: list[Photo | str] = []
    loader.want(place, told.append)
    assert not told
    loop.until(lambda: bool(told))
    loader.want(place, told.append)
    assert isinstance(told[0], Photo)
    assert told[1] is told[0]


def test_photos_passed_by_are_neither_read_nor_told(
    loader: PhotoLoader, loop: Loop, gate: Gate, tmp_path: Path
) -> None:
    first, second, third = (write_photo(tmp_path / f"{n}.png", n) for n in range(3))
    told: list[str] = []
    for place in (first, second, third):
        loader.want(place, lambda _, place=place: told.append(place.name))
        assert gate.reached.wait(30)
    gate.opened.set()
    loop.until(lambda: "2.png" in told)
    assert told == ["2.png"]
    assert gate.asked == [first, third]


def test_a_damaged_or_vanished_photo_is_told_as_a_sentence(
    loader: PhotoLoader, loop: Loop, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.png"
    torn.write_bytes(write_photo(tmp_path / "a.png").read_bytes()[:60])
    for place in (torn, tmp_path / "gone.png"):
        told: list[Photo | str] = []
        loader.want(place, told.append)
        loop.until(lambda told=told: bool(told))
        assert isinstance(told[0], str)
        assert place.name in told[0]


def test_a_fault_of_a_decoder_is_told_too(
    loader: PhotoLoader, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> Photo:
        raise IndexError("no such tile")

    monkeypatch.setattr(photo_loader, "load", broken)
    told: list[Photo | str] = []
    loader.want(tmp_path / "a.png", told.append)
    loop.until(lambda: bool(told))
    assert told == ["a.png: no such tile"]


def test_closed_photos_and_those_beyond_the_limit_are_let_go(loop: Loop, tmp_path: Path) -> None:
    places = [write_photo(tmp_path / f"{n}.png", n) for n in range(3)]
    size = 24 * 16 * 3 * 4
    loader = PhotoLoader(loop.post, kept=2 * size)
    for place in places:
        told: list[Photo | str] = []
        loader.want(place, told.append)
        loop.until(lambda told=told: bool(told))
    assert [loader.kept(place) is not None for place in places] == [False, True, True]
    loader.keep_only([places[2]])
    assert [loader.kept(place) is not None for place in places] == [False, False, True]
    loader.close()


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_a_thumbnail_has_the_shape_and_the_colours_of_the_photo(name: str, tmp_path: Path) -> None:
    Image.new("RGB", (300, 150), (200, 60, 20)).save(tmp_path / name)
    picture = thumbnail(tmp_path / name, 100)
    assert picture is not None
    assert (picture.width(), picture.height()) == (100, 50)
    colour = picture.pixelColor(50, 25)
    seen = np.array([colour.red(), colour.green(), colour.blue()])
    assert np.abs(seen - [200, 60, 20]).max() <= 3


def test_a_thumbnail_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (200, 100)).save(tmp_path / "a.jpg", exif=exif)
    picture = thumbnail(tmp_path / "a.jpg", 80)
    assert picture is not None
    assert (picture.width(), picture.height()) == (40, 80)


def test_a_gray_jpeg_has_a_gray_thumbnail(tmp_path: Path) -> None:
    Image.new("L", (60, 40), 120).save(tmp_path / "a.jpg")
    picture = thumbnail(tmp_path / "a.jpg", 30)
    assert picture is not None
    colour = picture.pixelColor(10, 10)
    assert (colour.red(), colour.green(), colour.blue()) == (120, 120, 120)


def test_a_profile_that_does_not_fit_the_picture_leaves_a_thumbnail(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    Image.new("RGB", (60, 40), (120, 120, 120)).save(tmp_path / "a.jpg", icc_profile=lab)
    picture = thumbnail(tmp_path / "a.jpg", 30)
    assert picture is not None
    assert abs(picture.pixelColor(10, 10).red() - 120) <= 2


def test_what_is_no_photo_has_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    assert thumbnail(tmp_path / "a.jpg", 30) is None
    assert thumbnail(tmp_path / "gone.png", 30) is None


def _photo() -> Photo:
    return Photo(pixels=np.zeros((8, 8, 3), np.float32))


def test_faces_are_looked_for_once_and_remembered(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Photo] = []

    def one_face(photo: Photo) -> tuple[Box, ...]:
        looked.append(photo)
        return (Box(1, 2, 3, 4),)

    monkeypatch.setattr(face_finder, "faces_of", one_face)
    told: list[tuple[Path, tuple[Box, ...]]] = []
    finder = FaceFinder(loop.post, lambda path, faces: told.append((path, faces)))
    place, photo = Path("a.png"), _photo()
    finder.want(place, photo)
    finder.want(place, photo)
    loop.until(lambda: bool(told))
    finder.want(place, photo)
    assert told == [(place, (Box(1, 2, 3, 4),))] * 2
    assert len(looked) == 1
    finder.keep_only([])
    finder.want(place, photo)
    loop.until(lambda: len(told) == 3)
    assert len(looked) == 2
    finder.close()


def test_only_the_last_photo_waits_for_its_faces(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(lambda photo: ())
    monkeypatch.setattr(face_finder, "faces_of", gate)
    told: list[Path] = []
    finder = FaceFinder(loop.post, lambda path, faces: told.append(path))
    photos = {Path(name): _photo() for name in ("a", "b", "c")}
    for place, photo in photos.items():
        finder.want(place, photo)
        assert gate.reached.wait(30)
    gate.opened.set()
    loop.until(lambda: Path("c") in told)
    assert gate.asked == [photos[Path("a")], photos[Path("c")]]
    finder.close()


@pytest.mark.parametrize("fault", [OutOfMemory("It does not fit."), ZeroDivisionError()])
def test_where_faces_cannot_be_found_there_are_none(
    fault: Exception, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(photo: Photo) -> tuple[Box, ...]:
        raise fault

    monkeypatch.setattr(face_finder, "faces_of", fails)
    told: list[tuple[Box, ...]] = []
    finder = FaceFinder(loop.post, lambda path, faces: told.append(faces))
    finder.want(Path("a.png"), _photo())
    loop.until(lambda: bool(told))
    assert told == [()]
    finder.close()


def test_a_photo_closed_while_it_is_read_is_not_kept(
    loop: Loop, gate: Gate, loader: PhotoLoader, tmp_path: Path
) -> None:
    first, second = (write_photo(tmp_path / name) for name in ("a.png", "b.png"))
    told: list[Photo | str] = []
    loader.want(first, told.append)
    assert gate.reached.wait(30)
    loader.want(second, told.append)
    loader.keep_only([second])
    gate.opened.set()
    loop.until(lambda: bool(told))
    assert [loader.kept(place) is not None for place in (first, second)] == [False, True]


def test_faces_of_a_photo_closed_meanwhile_are_not_remembered(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(lambda photo: ())
    monkeypatch.setattr(face_finder, "faces_of", gate)
    told: list[Path] = []
    finder = FaceFinder(loop.post, lambda path, faces: told.append(path))
    finder.want(Path("a"), _photo())
    assert gate.reached.wait(30)
    finder.keep_only([])
    gate.opened.set()
    another = _photo()
    finder.want(Path("b"), another)
    loop.until(lambda: bool(told))
    assert told == [Path("b")]
    assert Path("a") not in finder._known
    finder.close()


def test_the_thumbnail_of_a_cut_out_shows_nothing_of_what_lies_under_it(tmp_path: Path) -> None:
    pixels = np.full((400, 600, 4), (250, 90, 40, 255), np.uint8)
    pixels[:, :300] = (0, 0, 0, 0)
    Image.fromarray(pixels, "RGBA").save(tmp_path / "cut.png")
    image = thumbnail(tmp_path / "cut.png", 120)
    assert image is not None
    assert image.pixelColor(20, 40).getRgb()[:3] == (119, 119, 119)
    assert image.pixelColor(100, 40).getRgb()[:3] == (250, 90, 40)
