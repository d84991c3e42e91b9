"""Names and places of exported pictures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from engine.files import load
from engine.fitting import SaveOptions
from engine.saving import save
from restorer_app.export import BadTemplate, ExportSettings, NameTemplate, Naming, example
from restorer_app.export_plan import ExportWish, Planned, plan_exports
from tests.app.conftest import write_photo

DAY = date(2026, 2, 3)


def naming(name: str = "img.one.jpg", number: int = 1, count: int = 1) -> Naming:
    return Naming(source=Path(name), preset="denoise", scale=2, number=number, count=count, day=DAY)


def plan(folder: Path, settings: ExportSettings, *names: str, root: str = "in") -> list[Planned]:
    wishes = [
        ExportWish(source=folder / name, root=folder / root, preset="denoise") for name in names
    ]
    return plan_exports(wishes, settings, day=DAY)


def places(folder: Path, planned: list[Planned]) -> list[str | None]:
    return [
        None if p.output is None else p.output.path.relative_to(folder).as_posix() for p in planned
    ]


def test_placeholders_are_filled_in() -> None:
    text = "{name} {preset} {date} {n} {scale}"
    assert example(text, naming(number=7, count=120), ".tif") == (
        "img.one denoise 2026-02-03 007 2x.tif"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a/b", "“/”"),
        ("{name}:{n}", "“:”"),
        ("{titel}", "{titel}"),
        ("{name!r}", "means nothing"),
        ("{name.__class__}", "means nothing"),
        ("{name", "bracket"),
        ("", "empty"),
        (" . ", "empty"),
    ],
)
def test_templates_that_cannot_be_meant_are_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        NameTemplate(text)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["con.jpg", ".hidden", "x" * 250 + ".jpg"])
def test_names_that_no_system_takes_are_refused(name: str) -> None:
    with pytest.raises(BadTemplate):
        NameTemplate("{name}").name(naming(name))


def test_the_source_is_never_the_output_however_it_is_asked(tmp_path: Path) -> None:
    source = write_photo(tmp_path / "in" / "a.png")
    for collision in ("number", "overwrite"):
        settings = ExportSettings(template="{name}", collision=collision)  # type: ignore[arg-type]
        (planned,) = plan(tmp_path, settings, "in/a.png")
        assert planned.output is not None
        assert planned.output.path == source.with_name("a-2.png")
        assert not planned.output.options.overwrite
        assert "a-2.png" in planned.note


def test_equal_names_get_numbers_and_folders_are_mirrored(tmp_path: Path) -> None:
    names = ["in/a.png", "in/deep/a.png", "in/A.PNG"]
    for name in names:
        write_photo(tmp_path / name)
    flat = ExportSettings(folder=tmp_path / "out", template="{name}")
    assert places(tmp_path, plan(tmp_path, flat, *names)) == [
        "out/a.png", "out/a-2.png", "out/A-3.PNG"
    ]  # fmt: skip
    mirrored = ExportSettings(folder=tmp_path / "out", template="{name}", mirror=True)
    assert places(tmp_path, plan(tmp_path, mirrored, *names[:2])) == ["out/a.png", "out/deep/a.png"]


def test_only_pictures_of_this_program_are_replaced(tmp_path: Path) -> None:
    for name in ("in/a.png", "in/b.png", "out/b-denoise.png"):
        write_photo(tmp_path / name)
    photo = load(tmp_path / "in" / "a.png")
    save(photo, tmp_path / "out" / "a-denoise.png", SaveOptions(recipe='{"version": 1}'))
    settings = ExportSettings(folder=tmp_path / "out", collision="overwrite")
    planned = plan(tmp_path, settings, "in/a.png", "in/b.png")
    assert places(tmp_path, planned) == ["out/a-denoise.png", "out/b-denoise-2.png"]
    assert [p.output.options.overwrite for p in planned if p.output] == [True, False]


def test_what_is_there_can_be_left_alone(tmp_path: Path) -> None:
    for name in ("in/a.png", "in/b.png", "out/b-denoise.png"):
        write_photo(tmp_path / name)
    settings = ExportSettings(folder=tmp_path / "out", collision="skip")
    planned = plan(tmp_path, settings, "in/a.png", "in/b.png")
    assert places(tmp_path, planned) == ["out/a-denoise.png", None]
    assert "b-denoise.png" in planned[1].note


@pytest.mark.parametrize(
    ("source", "form", "suffix"),
    [
        ("a.JPG", "same", ".JPG"),
        ("a.gif", "same", ".png"),
        ("a.jxl", "same", ".tif"),
        ("a.HEIC", "same", ".jpg"),
        ("a.hif", "same", ".tif"),
        ("a.NEF", "same", ".tif"),
        ("a.JPG", "tiff", ".tif"),
        ("a.png", "avif", ".avif"),
        ("a.NEF", "dng", ".dng"),
        ("a.dng", "dng", ".dng"),
        ("a.dng", "same", ".tif"),
        ("a.JPG", "dng", ".JPG"),  # which is no light
    ],
)
def test_the_ending_follows_source_and_format(source: str, form: str, suffix: str) -> None:
    settings = ExportSettings(format=form)  # type: ignore[arg-type]
    assert settings.suffix(Path(source)) == suffix


def test_what_was_chosen_reaches_the_file(tmp_path: Path) -> None:
    settings = ExportSettings(quality=40, bits=16, metadata="none", profile="srgb")
    asked = SaveOptions(jpeg_quality=40, bits=16, metadata="none", profile="srgb")
    assert settings.options(".tif") == asked
    # JPEG has 8 bits, whatever was asked for.
    assert settings.options(".jpg").bits is None
    Image.new("RGB", (64, 64), (9, 99, 199)).save(tmp_path / "a.png")
    save(load(tmp_path / "a.png"), tmp_path / "b.tif", settings.options(".tif"))
    assert load(tmp_path / "b.tif").bits == 16


@pytest.mark.parametrize("name", ["é" * 119 + ".png", ".hidden.png"])
def test_a_photo_that_the_template_does_not_fit_is_left_out_alone(
    tmp_path: Path, name: str
) -> None:
    settings = ExportSettings(folder=tmp_path / "out")
    planned = plan(tmp_path, settings, "in/a.png", f"in/{name}", "in/b.png")
    assert places(tmp_path, planned) == ["out/a-denoise.png", None, "out/b-denoise.png"]
    assert planned[1].note.startswith(f"“{name}” is left out: The name is")


def test_what_got_a_number_is_replaced_under_its_number(tmp_path: Path) -> None:
    names = ["a/img.png", "b/img.png"]
    settings = ExportSettings(folder=tmp_path / "out", collision="overwrite")
    for name in names:
        write_photo(tmp_path / name)
    for number in range(3):
        planned = plan(tmp_path, settings, *names)
        assert places(tmp_path, planned) == ["out/img-denoise.png", "out/img-denoise-2.png"]
        for one in planned:
            assert one.output is not None
            assert one.output.options.overwrite is (number > 0)
            recipe = SaveOptions(recipe='{"version": 1}', overwrite=True)
            one.output.path.parent.mkdir(exist_ok=True)
            save(load(one.source), one.output.path, recipe)


def test_a_numbered_original_is_not_replaced(tmp_path: Path) -> None:
    source = write_photo(tmp_path / "in" / "a.png")
    save(load(source), tmp_path / "in" / "a-2.png", SaveOptions(recipe='{"version": 1}'))
    settings = ExportSettings(template="{name}", collision="overwrite")
    planned = plan(tmp_path, settings, "in/a.png", "in/a-2.png")
    assert places(tmp_path, planned) == ["in/a-3.png", "in/a-2-2.png"]


def test_the_picture_that_is_known_to_be_of_another_photo_is_not_replaced(tmp_path: Path) -> None:
    first, second = (write_photo(tmp_path / folder / "img.png") for folder in "ab")
    made = tmp_path / "out" / "img-denoise.png"
    made.parent.mkdir()
    save(load(first), made, SaveOptions(recipe='{"version": 1}'))
    settings = ExportSettings(folder=made.parent, collision="overwrite")
    for source, name in ((first, "out/img-denoise.png"), (second, "out/img-denoise-2.png")):
        wish = ExportWish(source=source, root=tmp_path, preset="denoise")
        planned = plan_exports([wish], settings, day=DAY, made_of={made: first}.get)
        assert places(tmp_path, planned) == [name]
    assert "img-denoise-2.png" in planned[0].note


@pytest.mark.parametrize(
    ("times", "replaced"),
    [
        (("2020:01:01 10:00:00", "2020:01:01 10:00:00"), True),
        (("2020:01:01 10:00:00", "2021:07:08 09:00:00"), False),
        (("", "2021:07:08 09:00:00"), True),
        (("0000:00:00 00:00:00", "2021:07:08 09:00:00"), True),
    ],
)
def test_a_picture_taken_at_another_time_is_not_replaced(
    tmp_path: Path, times: tuple[str, str], replaced: bool
) -> None:
    for folder, time in zip("ab", times, strict=True):
        exif = Image.Exif()
        exif.get_ifd(34665)[36867] = time
        (tmp_path / folder).mkdir()
        Image.new("RGB", (24, 16)).save(tmp_path / folder / "img.jpg", exif=exif)
    (tmp_path / "out").mkdir()
    made = tmp_path / "out" / "img-denoise.png"
    save(load(tmp_path / "a" / "img.jpg"), made, SaveOptions(recipe='{"version": 1}'))
    settings = ExportSettings(folder=made.parent, format="png", collision="overwrite")
    name = "out/img-denoise.png" if replaced else "out/img-denoise-2.png"
    assert places(tmp_path, plan(tmp_path, settings, "b/img.jpg")) == [name]
