"""`train generate` and `train select` with whole tiny models on disk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.backbones import ENCODER, BackboneSpec, backbones, find_backbone
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.patch_autoencoder import PatchNetwork, PatchSizes
from engine.errors import OutOfMemory
from engine.files import load
from engine.folder_lock import folder_lock
from engine.progress import Silent
from engine.resources import resource
from tests.diffusion import tiny_flux
from tests.diffusion.tiny_encoders import CLIP_WIDTH, T5_WIDTH, write_flux1
from tests.diffusion.tiny_models import STEPS, TinyModels, tiny_models
from tests.trainer.test_recipe import _photos, _recipe
from trainer.cli import build_parser, main
from trainer.flux import teachable
from trainer.flux.flux_export import LICENCE, write_autoencoder, write_transformer
from trainer.fluxgen import cli as fluxgen_cli
from trainer.fluxgen import model as fluxgen_model
from trainer.fluxgen import prompts as fluxgen_prompts
from trainer.fluxgen.model import PaintingModel
from trainer.fluxgen.painting import PictureOrder
from trainer.fluxgen.picture_lines import MANIFEST, read_lines
from trainer.fluxgen.prompts import encode_prompts, read_descriptions
from trainer.fluxgen.selection import TABLE

__all__ = ["tiny_models"]

PATCH = PatchSizes(near=8, far=16, near_blocks=1, far_blocks=1)
CPU = torch.device("cpu")
SMALL = PictureOrder(width=64, height=64, steps=1, guidance=None, seed=0)


def generate(models: TinyModels, model: str, out: Path, *more: str) -> int:
    where = ["--model", model, "--models", str(models.folder), "--out", str(out)]
    return main(["generate", *where, "--device", "cpu", "--count", "2", *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_a_model_paints_as_its_catalogue_says(
    tiny_models: TinyModels, tmp_path: Path, family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tiny_models.add(family)  # type: ignore[arg-type]
    assert generate(tiny_models, spec.id, tmp_path / "one") == 0
    assert "one: 2 pictures" in capsys.readouterr().out
    lines = read_lines(tmp_path / "one")
    assert {(line.width, line.height, line.steps, line.guidance) for line in lines} == {
        (spec.painting.width, spec.painting.height, STEPS, None)
    }
    assert {(line.model, line.licence, line.may_sell, line.seed) for line in lines} == {
        (spec.id, "Apache-2.0", "Yes.", 0)
    }
    photos = [load(tmp_path / "one" / line.file) for line in lines]
    assert all((photo.width, photo.height) == (64, 64) for photo in photos)
    assert not np.array_equal(photos[0].pixels, photos[1].pixels)
    assert generate(tiny_models, spec.id, tmp_path / "again") == 0
    assert contents(tmp_path / "again") == contents(tmp_path / "one")


def test_size_steps_and_seed_are_as_asked(
    tiny_models: TinyModels, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tiny_models.add("flux2")
    asked = ["--size", "100x79", "--steps", "1", "--seed", "3"]
    assert generate(tiny_models, spec.id, tmp_path / "out", *asked) == 0
    assert "Painted in 96 x 64: whole tokens of 16 pixels" in capsys.readouterr().err
    (line, _) = read_lines(tmp_path / "out")
    assert (line.width, line.height, line.steps, line.seed) == (96, 64, 1, 3)
    photo = load(tmp_path / "out" / line.file)
    assert (photo.width, photo.height) == (96, 64)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--size", "63x640"], "63 x 640 are too small"),
        (["--guidance", "4"], "takes no guidance"),
        (["--prompts", "none.txt"], "none.txt cannot be read"),
    ],
)
def test_what_a_model_cannot_do_is_a_sentence(
    tiny_models: TinyModels,
    tmp_path: Path,
    more: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = tiny_models.add("flux1")
    assert generate(tiny_models, spec.id, tmp_path / "out", *more) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_not_here_or_not_ready_is_a_sentence(
    tiny_models: TinyModels, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tiny_models.add("flux1", on_disk=False)
    assert generate(tiny_models, spec.id, tmp_path / "out") == 1
    assert "not on this machine" in capsys.readouterr().err
    tiny_models.add("flux2")
    catalogue = tiny_models.resources / "backbones.toml"
    text = catalogue.read_text("utf-8")
    catalogue.write_text(text.replace("reference = true", "reference = true\nready = false"))
    assert generate(tiny_models, "tiny-flux2", tmp_path / "out") == 1
    assert "cannot run Tiny flux2 yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    ["count=0", "size=12", "size=axb", "steps=0", "guidance=0", "guidance=nan", "device=tpu"],
)
def test_a_number_that_cannot_be_is_wrong_usage(option: str) -> None:
    words = ["generate", "--model", "x", "--out", "y", "--count", "1", f"--{option}"]
    with pytest.raises(SystemExit) as end:
        build_parser().parse_args(words)
    assert end.value.code == 2


def test_only_one_program_paints_into_a_folder(
    tiny_models: TinyModels, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tiny_models.add("flux1")
    out = tmp_path / "out"
    out.mkdir()
    with folder_lock(out):
        assert generate(tiny_models, spec.id, out) == 1
    assert "Another program paints into" in capsys.readouterr().err
    assert generate(tiny_models, spec.id, out) == 0


def test_the_shipped_model_is_known_by_its_folder_too() -> None:
    by_folder = teachable.teachable(str(resource("models", "flux-nano")), "x", None)
    assert by_folder == teachable.teachable("flux-nano", "x", None)
    assert by_folder.listed == find_backbone("flux-nano")


def test_a_fetched_model_is_known_by_its_folder_too(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux2")
    found = teachable.teachable(str(tiny_models.folder / spec.id), "x", None)
    assert (found.spec, found.place) == (spec, tiny_models.folder / spec.id)


def test_a_folder_of_the_trainer_paints_as_flux_nano_does(tmp_path: Path) -> None:
    folder, out = tmp_path / "mine", tmp_path / "out"
    write_autoencoder(PatchNetwork(PATCH), FluxSizes(tiny_flux.FLUX1, PATCH), 5, folder)
    write_transformer(tiny_flux.tiny_transformer1(), folder)
    order = ["--model", str(folder), "--out", str(out), "--device", "cpu", "--size", "64x64"]
    assert main(["generate", *order, "--count", "1", "--steps", "2"]) == 0
    (line,) = read_lines(out)
    assert (line.model, line.licence) == ("mine", LICENCE)
    assert "photos it was trained on" in line.may_sell
    assert teachable.teachable(str(folder), "mine", None).listed == find_backbone("flux-nano")


PAINTERS = [spec for spec in backbones() if spec.painting is not None]


@pytest.mark.parametrize("spec", PAINTERS, ids=lambda spec: spec.id)
def test_every_model_has_a_guidance_and_a_size_that_it_takes(
    spec: BackboneSpec,
) -> None:
    painting = spec.painting
    asked = painting.width, painting.height
    assert fluxgen_cli._whole_tokens(asked, spec) == asked
    assert fluxgen_cli._guidance(None, spec) == painting.guidance
    if spec.guided != "none":
        assert fluxgen_cli._guidance(2.0, spec) == 2.0


def painter(tiny_models: TinyModels) -> PaintingModel:
    spec = tiny_models.add("flux1", adapter=False)
    return PaintingModel(teachable.teachable(spec.id, "x", tiny_models.folder), "cpu")


def test_memory_that_runs_out_is_a_sentence_with_a_remedy(
    tiny_models: TinyModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    model = painter(tiny_models)
    monkeypatch.setattr(fluxgen_model, "painted", full)
    asked = PictureOrder(width=640, height=480, steps=1, guidance=None, seed=0)
    with pytest.raises(OutOfMemory, match="640 x 480 does not fit") as caught:
        model.paint(tiny_flux.prompt1(), asked)
    assert "smaller --size" in caught.value.remedy


def test_memory_that_runs_out_on_a_gpu_first_moves_weights_away(
    tiny_models: TinyModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = painter(tiny_models)
    model._placement = replace(model._placement, device="cuda", offload="none")
    model._slower = (
        one for one in fluxgen_model.lower(model._placement, model._placement.side)
        if one.device == "cuda"
    )  # fmt: skip
    tried: list[str] = []

    def staged(placement: fluxgen_model.Placement) -> object:
        tried.append(placement.offload)
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(fluxgen_model.Stage, "__call__", lambda self, placed: staged(placed))
    monkeypatch.setattr(fluxgen_model, "release_memory", lambda device: None)
    with pytest.raises(OutOfMemory):
        model.paint(tiny_flux.prompt1(), SMALL)
    assert tried == ["none", "model", "blocks"]


def test_an_error_of_another_kind_is_not_taken_for_it(
    tiny_models: TinyModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("shapes do not fit")

    model = painter(tiny_models)
    monkeypatch.setattr(fluxgen_model, "painted", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        model.paint(tiny_flux.prompt1(), SMALL)


@pytest.fixture
def wordy(tiny_models: TinyModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyModels:
    """A tiny FLUX.1 that follows words, and its text encoder beside it."""
    sizes = replace(tiny_flux.FLUX1, text_width=T5_WIDTH, pooled_width=CLIP_WIDTH)
    monkeypatch.setattr("tests.diffusion.tiny_models.FLUX1", sizes)
    monkeypatch.setattr(
        "tests.diffusion.tiny_models.tiny_transformer1", lambda: tiny_flux.tiny_transformer1(sizes)
    )
    spec = tiny_models.add("flux1", adapter=False)
    write_flux1(tiny_models.folder / spec.id / ENCODER)
    catalogue = tiny_models.resources / "backbones.toml"
    entry = (
        '[backbones.encoder]\nrepo = "who/tiny"\nfiles = [{ file = "text_encoder/config.json" }]\n'
    )
    catalogue.write_text(catalogue.read_text("utf-8") + entry, encoding="utf-8")
    return tiny_models


def test_descriptions_are_taken_in_turn_and_each_paints_another_picture(
    wordy: TinyModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text('\ufeffa red barn\n\n  a harbour at night  \n""\n', encoding="utf-8")
    out = tmp_path / "out"
    more = ["--prompts", str(file), "--count", "4"]
    assert generate(wordy, "tiny-flux1", out, *more) == 0
    lines = read_lines(out)
    assert [line.prompt for line in lines] == ["a red barn", "a harbour at night", "", "a red barn"]
    pictures = [load(out / line.file).pixels for line in lines]
    assert not np.array_equal(pictures[0], pictures[3])
    assert len(list((out / "prompts").iterdir())) == 3  # each is encoded once
    before = contents(out)
    for path in [*out.glob("*.png"), out / MANIFEST]:
        path.unlink()
    # What is encoded needs no encoder any more.
    shutil.rmtree(wordy.folder / "tiny-flux1" / ENCODER)
    assert generate(wordy, "tiny-flux1", out, *more) == 0
    assert contents(out) == before


def test_a_prompt_changes_what_the_same_noise_becomes(wordy: TinyModels, tmp_path: Path) -> None:
    model = teachable.teachable("tiny-flux1", "x", wordy.folder)
    prompts = encode_prompts(model, ("a barn", ""), tmp_path, None, CPU, Silent())
    asked = SMALL
    painting = PaintingModel(model, "cpu")
    barn, nothing, barn_again = (painting.paint(prompts.of(number), asked) for number in range(3))
    assert np.array_equal(barn, barn_again)
    assert not np.array_equal(barn, nothing)
    other = replace(prompts, model="another")
    assert other.file("a barn") != prompts.file("a barn")


def test_without_text_encoder_or_library_there_is_a_remedy(
    wordy: TinyModels,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, out = tmp_path / "prompts.txt", tmp_path / "out"
    file.write_text("a red barn\n", encoding="utf-8")
    more = ["--prompts", str(file)]
    with monkeypatch.context() as patch:
        patch.setattr("trainer.fluxgen.prompts.importlib.util.find_spec", lambda name: None)
        assert generate(wordy, "tiny-flux1", out, *more) == 1
    assert 'pip install "transformers>=5"' in capsys.readouterr().err
    moved = tmp_path / "elsewhere"
    shutil.move(wordy.folder / "tiny-flux1" / ENCODER, moved)
    assert generate(wordy, "tiny-flux1", out, *more) == 1
    assert "restorer models encode tiny-flux1 --keep-encoder" in capsys.readouterr().err
    assert generate(wordy, "tiny-flux1", out, *more, "--encoder", str(moved)) == 0


def test_a_model_without_words_says_so(
    tiny_models: TinyModels, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tiny_models.add("flux1")
    file = tmp_path / "prompts.txt"
    file.write_text("a red barn\n", encoding="utf-8")
    assert generate(tiny_models, spec.id, tmp_path / "out", "--prompts", str(file)) == 1
    assert "knows no words" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_descriptions_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "prompts.txt"
    file.write_bytes(content)
    with pytest.raises(fluxgen_cli.BadRecipe, match=r"prompts\.txt"):
        read_descriptions(file)


def test_an_encoder_that_does_not_fit_on_a_device_runs_on_the_processor(
    wordy: TinyModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    own = fluxgen_prompts.encode_words

    def small(words: list[str], order: fluxgen_prompts.EncodeOrder, progress: object) -> object:
        tried.append(order.device)
        if order.device != "cpu":
            raise RuntimeError("CUDA out of memory")
        return own(words, order, Silent())

    monkeypatch.setattr(fluxgen_prompts, "encode_words", small)
    monkeypatch.setattr(fluxgen_prompts, "release_memory", lambda device: None)
    model = teachable.teachable("tiny-flux1", "x", wordy.folder)
    device = torch.device("cuda")
    encode_prompts(model, ("a barn",), tmp_path, None, device, Silent())
    assert tried == ["cuda", "cpu"]


def test_from_painted_pictures_to_a_pool_of_latents(
    tiny_models: TinyModels, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is chosen is what `train latents` takes for photos."""
    spec = tiny_models.add("flux1")
    painted, chosen, pool = tmp_path / "painted", tmp_path / "chosen", tmp_path / "pool.st"
    assert generate(tiny_models, spec.id, painted, "--count", "3") == 0
    assert main(["select", str(painted), "--out", str(chosen)]) == 0
    assert "chosen: 3 of 3 pictures" in capsys.readouterr().out
    assert (chosen / MANIFEST).read_bytes() == (painted / MANIFEST).read_bytes()
    where = ["--model", spec.id, "--models", str(tiny_models.folder), "--device", "cpu"]
    made = ["--photos", str(chosen), "--recipe", str(_recipe(tmp_path)), "--side", "32"]
    few = ["--workers", "0", "--batch", "2", "--count", "1", "--clean", "--out", str(pool)]
    assert main(["latents", *where, *made, *few]) == 0
    assert "2 pairs" in capsys.readouterr().out


def test_a_bad_file_fails_alone_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = _photos(tmp_path), tmp_path / "out"
    (folder / "bad.jpg").write_bytes(b"\xff\xd8 no more")
    assert main(["select", str(folder), "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert "out: 2 of 3 pictures" in said.out
    assert "left out      1  cannot be read" in said.out
    assert "bad.jpg cannot be read" in said.err
    assert "1 of 3 pictures could not be read" in said.err
    assert sorted(path.name for path in out.iterdir()) == ["0.png", "1.png", TABLE]


@pytest.mark.parametrize("keep", ["0", "1.1", "nan"])
def test_a_share_that_is_none_is_wrong_usage(keep: str) -> None:
    with pytest.raises(SystemExit) as end:
        build_parser().parse_args(["select", "a", "--out", "b", "--keep", keep])
    assert end.value.code == 2
