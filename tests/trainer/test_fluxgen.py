"""Painting in itself: noise, steps, faults, and a run that stops and goes on."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import Conditioning
from engine.errors import BadRecipe, CannotSave
from engine.files import load
from engine.photo import FloatArray
from engine.progress import Cancelled, Silent
from engine.schedule import Schedule
from tests.diffusion.tiny_flux import (
    SPEC1,
    fresh_adapter1,
    tiny_flux1,
    tiny_flux1_guided,
    tiny_flux2,
)
from trainer.fluxgen.painting import (
    DRAWS,
    Paint,
    PaintingBackbone,
    PaintOrder,
    PictureOrder,
    is_one_colour,
    paint_pictures,
    painted,
)
from trainer.fluxgen.picture_lines import MANIFEST, PictureLine, append_line, read_lines

CPU = torch.device("cpu")
ASKED = PictureOrder(width=48, height=32, steps=2, guidance=None, seed=1)
LIKE = PictureLine(
    file="",
    number=0,
    model="tiny",
    licence="MIT",
    may_sell="Yes.",
    prompt="",
    width=48,
    height=32,
    steps=2,
    guidance=None,
    seed=5,
    draw=0,
    precision="f16",
    device="cpu",
)


def order(out: Path, count: int = 3, words: tuple[str, ...] = ("",), **said: object) -> PaintOrder:
    out.mkdir(exist_ok=True)
    return PaintOrder(out=out, count=count, words=words, like=replace(LIKE, **said))


def speckled(number: int, asked: PictureOrder) -> FloatArray:
    """A picture of the noise that is asked for."""
    rng = np.random.default_rng(asked.seed)
    return rng.random((asked.height, asked.width, 3), np.float32)


def faulty(faults: dict[int, list[str]], paint: Paint = speckled) -> Paint:
    """Pictures of which some come out wrong, each as often as there are faults for it."""

    def paint_or_fail(number: int, asked: PictureOrder) -> FloatArray:
        waiting = faults.get(number, [])
        match waiting.pop(0) if waiting else "":
            case "nan":
                raise FloatingPointError
            case "black":
                return np.zeros((asked.height, asked.width, 3), np.float32)
            case "stop":
                raise KeyboardInterrupt
        return paint(number, asked)

    return paint_or_fail


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("make", [tiny_flux1, tiny_flux2])
def test_a_picture_follows_from_its_order_alone(make: type[PaintingBackbone]) -> None:
    first, again = (painted(make(), ASKED, CPU) for _ in range(2))
    assert first.shape == (32, 48, 3)
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1
    assert np.array_equal(first, again)
    for other in (replace(ASKED, seed=2), replace(ASKED, steps=3)):
        assert not np.array_equal(painted(make(), other, CPU), first)


def test_guidance_reaches_a_distilled_network_and_no_other() -> None:
    weak, strong = (
        painted(tiny_flux1_guided(), replace(ASKED, guidance=guidance), CPU)
        for guidance in (1.5, 4.0)
    )
    assert not np.array_equal(weak, strong)
    with pytest.raises(ValueError, match="takes no guidance"):
        painted(tiny_flux1(), replace(ASKED, guidance=4.0), CPU)


def test_the_schedule_is_shifted_by_the_models_rule() -> None:
    asked: list[float] = []
    backbone = tiny_flux1()
    backbone.spec = replace(SPEC1, shift="flux1")
    own = backbone.velocity

    def velocity(x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        asked.append(float(sigma))
        return own(x, sigma, given)

    backbone.velocity = velocity  # type: ignore[method-assign]
    painted(backbone, replace(ASKED, steps=4), CPU)
    tokens = (48 // 16) * (32 // 16)
    assert asked == pytest.approx(Schedule(steps=4, shift="flux1").sigmas(tokens)[:-1])
    assert asked != pytest.approx([1.0, 0.75, 0.5, 0.25])


def test_an_adapter_does_not_paint_from_nothing() -> None:
    with pytest.raises(ValueError, match="there is none"):
        painted(tiny_flux1(fresh_adapter1()), ASKED, CPU)


def test_numbers_that_are_none_in_the_decoded_picture_are_noticed() -> None:
    backbone = tiny_flux1()
    backbone.decode = lambda latent: torch.full((1, 3, 32, 48), float("nan"))  # type: ignore[method-assign]
    with pytest.raises(FloatingPointError):
        painted(backbone, ASKED, CPU)


def test_pictures_are_written_with_what_is_to_be_known_of_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert paint_pictures(order(out, words=("a cat", "a dog")), speckled, Silent()) == ()
    assert sorted(contents(out)) == ["000000.png", "000001.png", "000002.png", MANIFEST]
    lines = read_lines(out)
    assert [line.prompt for line in lines] == ["a cat", "a dog", "a cat"]
    assert [line.number for line in lines] == [0, 1, 2]
    assert all(replace(line, file="", number=0, prompt="") == LIKE for line in lines)
    photo = load(out / lines[2].file)
    asked = order(out).picture(2, 0)
    assert np.abs(photo.pixels - speckled(2, asked)).max() <= 0.5 / 255 + 1e-6


def test_noise_depends_on_seed_number_and_draw(tmp_path: Path) -> None:
    here = order(tmp_path)
    seeds = {here.picture(number, draw).seed for number in range(20) for draw in range(DRAWS)}
    assert len(seeds) == 20 * DRAWS
    assert order(tmp_path, count=99).picture(7, 1) == here.picture(7, 1)
    assert order(tmp_path, seed=6).picture(7, 1) != here.picture(7, 1)


@pytest.mark.parametrize("stopped", [0, 1, 3])
def test_a_run_that_was_stopped_goes_on_to_the_same_files(tmp_path: Path, stopped: int) -> None:
    clean, broken = tmp_path / "clean", tmp_path / "broken"
    paint_pictures(order(clean, 4), faulty({1: ["nan"]}), Silent())
    painter = faulty({1: ["nan"] if stopped else [], stopped: ["stop"]})
    with pytest.raises(KeyboardInterrupt):
        paint_pictures(order(broken, 4), painter, Silent())
    assert len(list(broken.glob("*.png"))) == stopped
    painter = faulty({1: [] if stopped > 1 else ["nan"]})
    paint_pictures(order(broken, 4), painter, Silent())
    assert contents(broken) == contents(clean)


def test_a_kill_between_picture_and_line_costs_one_picture(tmp_path: Path) -> None:
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    for out in (clean, killed):
        paint_pictures(order(out), speckled, Silent())
    lines = (killed / MANIFEST).read_bytes().splitlines(keepends=True)
    (killed / MANIFEST).write_bytes(b"".join(lines[:2]) + lines[2][:40])  # torn within a line
    (killed / ".0123456789abcdef.part").write_bytes(b"half a picture")
    again = []

    def counted(number: int, asked: PictureOrder) -> FloatArray:
        again.append(number)
        return speckled(number, asked)

    paint_pictures(order(killed), counted, Silent())
    assert again == [2]
    assert contents(killed) == contents(clean)


def test_a_picture_that_has_gone_is_painted_again_in_its_place(tmp_path: Path) -> None:
    paint_pictures(order(tmp_path), speckled, Silent())
    before = contents(tmp_path)
    (tmp_path / "000001.png").unlink()
    paint_pictures(order(tmp_path), speckled, Silent())
    assert contents(tmp_path) == before


def test_more_pictures_are_added_to_those_there(tmp_path: Path) -> None:
    clean, grown = tmp_path / "clean", tmp_path / "grown"
    paint_pictures(order(clean, 4), speckled, Silent())
    paint_pictures(order(grown, 2), speckled, Silent())
    paint_pictures(order(grown, 4), faulty({0: ["stop"], 1: ["stop"]}), Silent())  # not asked for
    assert contents(grown) == contents(clean)


@pytest.mark.parametrize("fault", ["nan", "black"])
def test_a_picture_that_came_out_wrong_is_painted_from_another_noise(
    tmp_path: Path, fault: str
) -> None:
    assert paint_pictures(order(tmp_path), faulty({1: [fault]}), Silent()) == ()
    line = read_lines(tmp_path)[1]
    assert line.draw == 1
    pixels = load(tmp_path / line.file).pixels
    assert np.abs(pixels - speckled(1, order(tmp_path).picture(1, 1))).max() <= 0.5 / 255 + 1e-6


def test_a_picture_that_stays_wrong_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert paint_pictures(order(tmp_path), faulty({1: ["nan"] * DRAWS}), Silent()) == (1,)
    assert "000001.png is left out" in caplog.text
    assert [line.number for line in read_lines(tmp_path)] == [0, 2]
    assert not (tmp_path / "000001.png").exists()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"seed": 6}, "seed"),
        ({"steps": 3}, "steps"),
        ({"model": "other"}, "model"),
        ({"device": "cuda"}, "device"),
        ({"guidance": 4.0}, "guidance"),
    ],
)
def test_pictures_of_another_order_are_not_continued(
    tmp_path: Path, said: dict[str, object], name: str
) -> None:
    paint_pictures(order(tmp_path, 1), speckled, Silent())
    before = contents(tmp_path)
    with pytest.raises(BadRecipe, match=f"its {name} is"):
        paint_pictures(order(tmp_path, **said), speckled, Silent())
    assert contents(tmp_path) == before


def test_another_prompt_for_a_picture_that_is_there_is_refused(tmp_path: Path) -> None:
    paint_pictures(order(tmp_path, words=("a cat",)), speckled, Silent())
    with pytest.raises(BadRecipe, match="its prompt is “a cat”, not “a dog”"):
        paint_pictures(order(tmp_path, words=("a cat", "a dog")), speckled, Silent())


def test_pictures_of_others_are_not_touched(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "000001.png"), np.zeros((4, 4, 3), np.uint8))
    before = contents(tmp_path)
    with pytest.raises(CannotSave, match=r"no pictures\.jsonl tells of"):
        paint_pictures(order(tmp_path), speckled, Silent())
    assert contents(tmp_path) == before


def test_a_cancelled_run_leaves_whole_pictures(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if stage.startswith("picture 3"):
                raise Cancelled

    with pytest.raises(Cancelled):
        paint_pictures(order(tmp_path), speckled, Stops())
    assert sorted(contents(tmp_path)) == ["000000.png", "000001.png", MANIFEST]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 1 .* is no JSON"),
        ("[]", "Line 1 .* is no table"),
        ('{"file": "a.png"}', "Line 1 .* does not hold just"),
        (json.dumps(dict.fromkeys(PictureLine.__slots__, "x")), "Line 1 .* does not hold"),
    ],
)
def test_a_manifest_that_was_spoilt_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / MANIFEST).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadRecipe, match=said):
        read_lines(tmp_path)


def test_a_manifest_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotSave, match="cannot be written"):
        append_line(tmp_path / "nowhere", LIKE)


def test_one_colour_is_told_from_little() -> None:
    flat = np.full((32, 32, 3), 0.4, np.float32)
    assert is_one_colour(flat)
    rng = np.random.default_rng(0)
    assert is_one_colour(flat + rng.normal(0, 0.002, flat.shape).astype(np.float32))
    assert not is_one_colour(np.linspace(0.3, 0.5, 32, dtype=np.float32)[:, None, None] + 0 * flat)
