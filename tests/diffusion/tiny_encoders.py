"""Text encoders at a size that runs in no time, in the layout of diffusers' repositories."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5EncoderModel,
)

QWEN_WIDTH, T5_WIDTH, CLIP_WIDTH = 16, 24, 8
QWEN_LAYERS = 30
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
_TEMPLATE = (
    "{% for turn in messages %}<|im_start|>{{ turn.role }}: {{ turn.content }}<|im_end|>"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant"
    "{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}"
    "{% endif %}"
)


def write_qwen(folder: Path, layers: int = QWEN_LAYERS) -> None:
    """`text_encoder` in several shards, and `tokenizer`, as FLUX.2 klein has them."""
    torch.manual_seed(3)
    config = Qwen3Config(
        vocab_size=256 + len(_SPECIAL),
        hidden_size=QWEN_WIDTH,
        intermediate_size=24,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=4,
        initializer_range=0.3,
        tie_word_embeddings=True,
        dtype="bfloat16",
    )
    encoder = Qwen3ForCausalLM(config).to(torch.bfloat16)
    encoder.save_pretrained(folder / "text_encoder", max_shard_size="60KB")
    shards = list((folder / "text_encoder").glob("*.safetensors"))
    assert len(shards) > 1
    _write_bytes_tokenizer(folder / "tokenizer")


def write_flux1(folder: Path) -> None:
    """CLIP as `text_encoder`, T5 as `text_encoder_2`, and the tokenizers of both."""
    torch.manual_seed(4)
    clip = CLIPTextConfig(
        vocab_size=514,
        hidden_size=CLIP_WIDTH,
        intermediate_size=12,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        eos_token_id=513,
        bos_token_id=512,
        pad_token_id=513,
    )
    CLIPTextModel(clip).to(torch.bfloat16).save_pretrained(folder / "text_encoder")
    file = folder / "text_encoder" / "model.safetensors"
    weights = {f"text_model.{name}": weight for name, weight in load_file(file).items()}
    save_file(weights, file, metadata={"format": "pt"})  # named as in the published file
    t5 = T5Config(
        vocab_size=260,
        d_model=T5_WIDTH,
        d_kv=4,
        d_ff=32,
        num_layers=3,
        num_heads=4,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    )
    T5EncoderModel(t5).to(torch.bfloat16).save_pretrained(folder / "text_encoder_2")
    _write_clip_tokenizer(folder / "tokenizer")
    _write_t5_tokenizer(folder / "tokenizer_2")


def _byte_letters() -> list[str]:
    return sorted(pre_tokenizers.ByteLevel.alphabet())


def _write_bytes_tokenizer(folder: Path) -> None:
    """A token per byte, behind the class of Qwen's tokenizer."""
    vocab = {letter: index for index, letter in enumerate(_byte_letters())}
    tokenizer = Tokenizer(models.BPE(vocab, []))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(_SPECIAL))
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    said = {
        "tokenizer_class": "Qwen2Tokenizer",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "model_max_length": 131072,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(said), "utf-8")
    (folder / "chat_template.jinja").write_text(_TEMPLATE, "utf-8")


def _write_clip_tokenizer(folder: Path) -> None:
    """CLIP's vocabulary as it begins: each byte inside a word and at its end."""
    letters = _byte_letters()
    names = [*letters, *(f"{letter}</w>" for letter in letters)]
    names += ["<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    vocab = {name: index for index, name in enumerate(names)}
    (folder / "vocab.json").write_text(json.dumps(vocab), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    said = {
        "tokenizer_class": "CLIPTokenizer",
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "model_max_length": 77,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(said), "utf-8")


def _write_t5_tokenizer(folder: Path) -> None:
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [(chr(code), -3.0) for code in range(33, 127)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    said = {
        "tokenizer_class": "T5Tokenizer",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "extra_ids": 0,
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(said), "utf-8")
