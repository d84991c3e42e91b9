from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion.flux.phrase_encoder import LAYERS, encode_words, write_prompts
from engine.diffusion.flux.prompts import Prompt, load_prompt
from engine.errors import WrongWeights
from engine.phrases import EncodeOrder, Phrase, prompt_path, stored
from engine.progress import Cancelled, Silent
from tests.diffusion.tiny_encoders import (
    CLIP_WIDTH,
    QWEN_WIDTH,
    T5_WIDTH,
    write_flux1,
    write_qwen,
)

PHRASES = (
    Phrase("derain", "Remove the rain."),
    Phrase("dehaze", "Remove the haze, and keep everything else exactly as it is."),
)
WORDS = [phrase.words for phrase in PHRASES]


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("qwen")
    write_qwen(folder)
    return folder


@pytest.fixture(scope="module")
def flux1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flux1")
    write_flux1(folder)
    return folder


def order(encoder: Path, place: Path, family: str = "flux2", tokens: int = 96) -> EncodeOrder:
    return EncodeOrder(family=family, encoder=encoder, place=place, phrases=PHRASES, tokens=tokens)


def written(place: Path, family: str = "flux2") -> list[Prompt]:
    return [load_prompt(prompt_path(place, phrase.name), family) for phrase in PHRASES]


class Listener:
    """A `Progress` that keeps what it hears, and stops the work at `until`."""

    def __init__(self, until: float = 2.0) -> None:
        self.heard: list[float] = []
        self._until = until

    def report(self, done: float, stage: str = "") -> None:
        self.heard.append(done)
        if done >= self._until:
            raise Cancelled


@pytest.mark.parametrize("tokens", [96, 24], ids=["padded", "cut"])
def test_prompts_of_flux2_are_those_of_the_pipeline(
    qwen: Path, tmp_path: Path, tokens: int
) -> None:
    from diffusers.pipelines.flux2.pipeline_flux2_klein import Flux2KleinPipeline
    from transformers import Qwen2TokenizerFast, Qwen3ForCausalLM

    write_prompts(order(qwen, tmp_path, tokens=tokens), Silent())
    encoder = Qwen3ForCausalLM.from_pretrained(qwen / "text_encoder", dtype=torch.bfloat16)
    tokenizer = Qwen2TokenizerFast.from_pretrained(qwen / "tokenizer")
    with torch.no_grad():
        expected = Flux2KleinPipeline._get_qwen3_prompt_embeds(
            encoder, tokenizer, WORDS, max_sequence_length=tokens
        )
    for prompt, phrase, text in zip(written(tmp_path), PHRASES, expected, strict=True):
        assert prompt.words == phrase.words
        assert prompt.pooled is None
        assert prompt.text.shape == (tokens, len(LAYERS) * QWEN_WIDTH)
        assert prompt.text.dtype == torch.bfloat16
        assert torch.equal(prompt.text, text)
    assert not torch.equal(expected[0], expected[1])


def test_prompts_of_flux1_are_those_of_the_pipeline(flux1: Path, tmp_path: Path) -> None:
    from diffusers import FluxPipeline
    from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

    write_prompts(order(flux1, tmp_path, "flux1", tokens=80), Silent())
    dtype = torch.bfloat16
    pipeline = FluxPipeline(
        scheduler=None,
        vae=None,
        transformer=None,
        text_encoder=CLIPTextModel.from_pretrained(flux1 / "text_encoder", dtype=dtype),
        tokenizer=CLIPTokenizer.from_pretrained(flux1 / "tokenizer"),
        text_encoder_2=T5EncoderModel.from_pretrained(flux1 / "text_encoder_2", dtype=dtype),
        tokenizer_2=T5TokenizerFast.from_pretrained(flux1 / "tokenizer_2"),
    )
    with torch.no_grad():
        expected, pooled, _ = pipeline.encode_prompt(
            WORDS, device=torch.device("cpu"), max_sequence_length=80
        )
    for index, prompt in enumerate(written(tmp_path, "flux1")):
        assert prompt.pooled is not None
        assert prompt.text.shape == (80, T5_WIDTH)
        assert prompt.pooled.shape == (CLIP_WIDTH,)
        assert torch.equal(prompt.text, expected[index])
        assert torch.equal(prompt.pooled, pooled[index])
    assert not torch.equal(pooled[0], pooled[1])


def test_a_prompt_does_not_depend_on_its_company(qwen: Path, tmp_path: Path) -> None:
    """Over sixteen phrases go in two batches; what each says is its own."""
    both, many = order(qwen, tmp_path / "both"), order(qwen, tmp_path / "many")
    others = tuple(Phrase(f"other-{index}", f"Remove {index} scratches.") for index in range(15))
    write_prompts(both, Silent())
    listener = Listener()
    write_prompts(replace(many, phrases=(*others, *PHRASES)), listener)
    assert listener.heard == sorted(listener.heard)
    assert listener.heard[-1] == 1
    assert len(stored(tmp_path / "many")) == 17
    for one, other in zip(written(both.place), written(many.place), strict=True):
        close: Callable[[Tensor, Tensor], None] = torch.testing.assert_close
        close(one.text.float(), other.text.float(), rtol=0.05, atol=0.05)


def test_it_can_be_stopped_in_mid_encoding(qwen: Path, tmp_path: Path) -> None:
    listener = Listener(until=0.5)
    with pytest.raises(Cancelled):
        write_prompts(order(qwen, tmp_path), listener)
    assert 0.5 <= listener.heard[-1] < 0.6
    assert stored(tmp_path) == {}


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_an_encoder_that_lacks_weights_is_refused(
    flux1: Path, qwen: Path, tmp_path: Path, family: str
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(flux1 if family == "flux1" else qwen, broken)
    shard = max((broken / "text_encoder").glob("*.safetensors"))
    shard.unlink()
    with pytest.raises(WrongWeights, match="The text encoder lacks"):
        write_prompts(order(broken, tmp_path, family), Silent())
    shard.write_bytes(b"\0" * 60)
    with pytest.raises(WrongWeights, match="of the text encoder is damaged"):
        write_prompts(order(broken, tmp_path, family), Silent())
    (broken / "tokenizer" / "tokenizer_config.json").unlink()
    shutil.rmtree(broken / "text_encoder")
    with pytest.raises(WrongWeights, match="do not fit together"):
        write_prompts(order(broken, tmp_path, family), Silent())


def test_an_encoder_with_too_few_layers_is_refused(tmp_path: Path) -> None:
    write_qwen(tmp_path / "short", layers=26)
    with pytest.raises(WrongWeights, match="26 layers"):
        write_prompts(order(tmp_path / "short", tmp_path), Silent())


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_no_words_are_a_prompt_too(family: str, qwen: Path, flux1: Path, tmp_path: Path) -> None:
    asked = order({"flux1": flux1, "flux2": qwen}[family], tmp_path, family, tokens=80)
    nothing, something = encode_words(["", WORDS[0]], asked, Silent())
    assert (nothing.words, something.words) == ("", WORDS[0])
    assert nothing.text.shape == something.text.shape
    assert not torch.equal(nothing.text, something.text)
    assert not torch.equal(nothing.text, torch.zeros_like(nothing.text))
    assert list(tmp_path.iterdir()) == []  # nothing is written
