"""From words to the numbers a FLUX transformer is conditioned on, as diffusers' pipelines do it.

FLUX.2 klein (`Flux2KleinPipeline`): Qwen3 is given the words as a user's turn of a chat without
thinking, and the hidden states behind its layers 9, 18 and 27 are laid side by side. FLUX.1
(`FluxPipeline`): T5's last hidden states, and CLIP's pooled one.

Weights are mapped, not read: the system fetches from the disk what a layer needs and may drop it
after. transformers is needed here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.diffusion.flux.prompts import Prompt, save_prompt
from engine.errors import RestorerError, WrongWeights
from engine.phrases import PROMPTS, EncodeOrder, prompt_path
from engine.progress import Part, Progress

LAYERS = (9, 18, 27)
"""Of Qwen3, those behind which FLUX.2 klein listens, counted from 1."""
AT_ONCE = 16
"""Phrases that go through the encoder together, so that its file is read once for all of them."""
_CLIP_SHARE = 0.05
"""Of FLUX.1's progress: CLIP is small beside T5."""

_Words = list[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch of words: (b, tokens, width), and (b, width) where the family has a pooled prompt."""

    text: Tensor
    pooled: Tensor | None = None


def write_prompts(order: EncodeOrder, progress: Progress) -> None:
    """Encode an order's phrases and write their prompt files, each whole or not at all.

    Raises `RestorerError` if transformers is missing, `WrongWeights` if the encoder's files do
    not fit together, `ValueError` for an unknown family, and `Cancelled` from `progress`.
    """
    (order.place / PROMPTS).mkdir(parents=True, exist_ok=True)
    for first in range(0, len(order.phrases), AT_ONCE):
        batch = order.phrases[first : first + AT_ONCE]
        done = first / len(order.phrases)
        share = Part(progress, done, done + len(batch) / len(order.phrases))
        words = [phrase.words for phrase in batch]
        for prompt, phrase in zip(encode_words(words, order, share), batch, strict=True):
            save_prompt(prompt, prompt_path(order.place, phrase.name))
    progress.report(1.0, "done")


@torch.inference_mode()
def encode_words(words: Sequence[str], order: EncodeOrder, progress: Progress) -> list[Prompt]:
    """The prompts of some words, no words among them, in their order; those of `order` do not
    count. Raises as `write_prompts` does."""
    if order.family not in FAMILIES:
        raise ValueError(f"no text encoder is known for the family {order.family!r}")
    encoded = FAMILIES[order.family](list(words), order, progress)
    return [
        Prompt(
            words=said,
            family=order.family,
            text=encoded.text[index].clone(),
            pooled=None if encoded.pooled is None else encoded.pooled[index].clone(),
        )
        for index, said in enumerate(words)
    ]


def _encode_flux2(words: _Words, order: EncodeOrder, progress: Progress) -> Encoded:
    """(b, tokens, 3 times Qwen3's width)."""
    with _transformers():
        from transformers import Qwen2Tokenizer, Qwen3Config, Qwen3Model
        from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding

        tokenizer: Any = Qwen2Tokenizer.from_pretrained(order.encoder / "tokenizer")
        config: Any = Qwen3Config.from_pretrained(order.encoder / "text_encoder")
    if config.num_hidden_layers < LAYERS[-1]:
        raise WrongWeights(
            f"The text encoder has {config.num_hidden_layers} layers, not {LAYERS[-1]} or more"
        )
    # What lies behind the last layer that is listened to need not be computed.
    config.num_hidden_layers, config.layer_types = LAYERS[-1], config.layer_types[: LAYERS[-1]]
    with torch.device("meta"):
        encoder: Any = Qwen3Model(config)
    encoder.rotary_emb = Qwen3RotaryEmbedding(config).to(order.device)  # computed, not read
    _fill(encoder, order, prefix="model.")
    given = _tokens(tokenizer, [_as_chat(tokenizer, one) for one in words], order.tokens)
    heard = _listen([encoder.layers[number - 1] for number in LAYERS])
    _count(list(encoder.layers), progress, "text encoder")
    encoder(**given.to(order.device), use_cache=False)
    states = torch.stack(heard, dim=1)
    return Encoded(states.permute(0, 2, 1, 3).flatten(2))


def _encode_flux1(words: _Words, order: EncodeOrder, progress: Progress) -> Encoded:
    """(b, tokens, T5's width) and (b, CLIP's width)."""
    with _transformers():
        from transformers import CLIPTokenizer, T5Config, T5EncoderModel, T5Tokenizer

        small: Any = CLIPTokenizer.from_pretrained(order.encoder / "tokenizer")
        large: Any = T5Tokenizer.from_pretrained(order.encoder / "tokenizer_2")
        config: Any = T5Config.from_pretrained(order.encoder / "text_encoder_2")
    progress.report(0.0, "text encoder")
    pooled = _pooled(small, words, order)
    with torch.device("meta"):
        encoder: Any = T5EncoderModel(config)
    _fill(encoder, order, folder="text_encoder_2")
    _count(list(encoder.encoder.block), Part(progress, _CLIP_SHARE, 1.0), "text encoder")
    given = _tokens(large, words, order.tokens)
    text = encoder(given.input_ids.to(order.device)).last_hidden_state
    return Encoded(text, pooled)


def _pooled(tokenizer: Any, words: _Words, order: EncodeOrder) -> Tensor:
    """CLIP's pooled state, (b, width)."""
    with _transformers():
        from transformers import CLIPTextConfig, CLIPTextModel

        config: Any = CLIPTextConfig.from_pretrained(order.encoder / "text_encoder")
    clip: Any = CLIPTextModel(config)  # not on "meta": it computes constants as it is made
    _fill(clip, order, prefix="text_model.")
    given = _tokens(tokenizer, words, tokenizer.model_max_length)
    pooled: Tensor = clip.to(order.device)(given.input_ids.to(order.device)).pooler_output
    return pooled


FAMILIES: dict[str, Callable[[_Words, EncodeOrder, Progress], Encoded]] = {
    "flux1": _encode_flux1,
    "flux2": _encode_flux2,
}


def _as_chat(tokenizer: Any, words: str) -> str:
    """The words as a user's turn, with the beginning of an answer behind them."""
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": words}],
        tokenize=False,
        add_generation_prompt=True,
        enable_thinking=False,
    )
    return str(text)


def _tokens(tokenizer: Any, texts: _Words, length: int) -> Any:
    """Ids and mask, each (b, length): padded, and cut where they are longer."""
    return tokenizer(
        texts, return_tensors="pt", padding="max_length", truncation=True, max_length=length
    )


def _fill(
    encoder: nn.Module, order: EncodeOrder, *, folder: str = "text_encoder", prefix: str = ""
) -> None:
    """Give an encoder its weights, in bf16, from all files of a folder, where their names may
    begin with `prefix`. Raises `WrongWeights` naming a weight that none of them holds."""
    wanted = set(encoder.state_dict())
    weights: dict[str, Tensor] = {}
    for path in sorted((order.encoder / folder).glob("*.safetensors")):
        for name, weight in _mapped(path):
            if (own := name.removeprefix(prefix)) in wanted:
                weights[own] = weight.to(order.device, torch.bfloat16)
    same = getattr(encoder, "_tied_weights_keys", None) or {}
    missing = sorted(wanted - set(weights) - set(same))
    if missing:
        raise WrongWeights(f"The text encoder lacks {missing[0]} and {len(missing) - 1} more")
    encoder.load_state_dict(weights, strict=False, assign=True)
    encoder.tie_weights()  # type: ignore[operator]  # of transformers' models
    encoder.eval()


def _mapped(path: Path) -> Iterator[tuple[str, Tensor]]:
    """Name and value of all weights of a file, mapped into memory."""
    try:
        with safe_open(path, "pt") as file:
            for name in file.keys():  # noqa: SIM118
                yield name, file.get_tensor(name)
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"{path.name} of the text encoder is damaged: {error}") from error


def _listen(layers: list[nn.Module]) -> list[Tensor]:
    """A list to which each of these layers adds what it puts out, (b, tokens, width)."""
    heard: list[Tensor] = []
    for layer in layers:
        layer.register_forward_hook(lambda *said: heard.append(said[2]))
    return heard


def _count(layers: list[nn.Module], progress: Progress, stage: str) -> None:
    """Have each layer report before it runs."""
    for index, layer in enumerate(layers):
        report = partial(progress.report, index / len(layers), stage)
        layer.register_forward_pre_hook(lambda *_, report=report: report())


@contextmanager
def _transformers() -> Iterator[None]:
    """What loading with transformers raises, in our words."""
    try:
        yield
    except ImportError as error:
        raise RestorerError(f"transformers cannot be loaded: {error}") from error
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise WrongWeights(f"The text encoder's files do not fit together: {error}") from error
