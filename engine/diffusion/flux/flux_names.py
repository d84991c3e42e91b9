"""Where a parameter of diffusers' classes lies in files with Black Forest Labs' own names.

Most files that people share have those names. They keep queries, keys, values and what else is
computed side by side in one matrix, and the shift of the last layer before its scale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAST_UP_BLOCK = 3
"""FLUX's autoencoders count the decoder's resolutions from the picture, diffusers to it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A parameter as part of a stored tensor."""

    names: tuple[str, ...]
    """Under which it may be stored; the first that is there counts."""
    part: int = 0
    """Which of the parts of its own height, from the top; -1 is whatever lies at the end."""
    whole: bool = True
    """Whether it is the whole stored tensor."""
    swapped: bool = False
    """Whether its two halves are stored in the other order."""


_BLOCK = re.compile(r"(single_)?transformer_blocks\.(\d+)\.(.+)\.(weight|bias)")

_OUTSIDE = {
    "x_embedder": "img_in",
    "context_embedder": "txt_in",
    "time_text_embed.timestep_embedder.linear_1": "time_in.in_layer",
    "time_text_embed.timestep_embedder.linear_2": "time_in.out_layer",
    "time_text_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
    "time_text_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
    "time_text_embed.text_embedder.linear_1": "vector_in.in_layer",
    "time_text_embed.text_embedder.linear_2": "vector_in.out_layer",
    "time_guidance_embed.timestep_embedder.linear_1": "time_in.in_layer",
    "time_guidance_embed.timestep_embedder.linear_2": "time_in.out_layer",
    "time_guidance_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
    "time_guidance_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
    "double_stream_modulation_img.linear": "double_stream_modulation_img.lin",
    "double_stream_modulation_txt.linear": "double_stream_modulation_txt.lin",
    "single_stream_modulation.linear": "single_stream_modulation.lin",
    "norm_out.linear": "final_layer.adaLN_modulation.1",
    "proj_out": "final_layer.linear",
}

_DOUBLE = {
    "norm1.linear": ("img_mod.lin", None),
    "norm1_context.linear": ("txt_mod.lin", None),
    "attn.to_q": ("img_attn.qkv", 0),
    "attn.to_k": ("img_attn.qkv", 1),
    "attn.to_v": ("img_attn.qkv", 2),
    "attn.add_q_proj": ("txt_attn.qkv", 0),
    "attn.add_k_proj": ("txt_attn.qkv", 1),
    "attn.add_v_proj": ("txt_attn.qkv", 2),
    "attn.norm_q": ("img_attn.norm.query_norm", None),
    "attn.norm_k": ("img_attn.norm.key_norm", None),
    "attn.norm_added_q": ("txt_attn.norm.query_norm", None),
    "attn.norm_added_k": ("txt_attn.norm.key_norm", None),
    "attn.to_out.0": ("img_attn.proj", None),
    "attn.to_add_out": ("txt_attn.proj", None),
    "ff.net.0.proj": ("img_mlp.0", None),
    "ff.net.2": ("img_mlp.2", None),
    "ff_context.net.0.proj": ("txt_mlp.0", None),
    "ff_context.net.2": ("txt_mlp.2", None),
    "ff.linear_in": ("img_mlp.0", None),
    "ff.linear_out": ("img_mlp.2", None),
    "ff_context.linear_in": ("txt_mlp.0", None),
    "ff_context.linear_out": ("txt_mlp.2", None),
}

_SINGLE = {
    "norm.linear": ("modulation.lin", None),
    "attn.to_q": ("linear1", 0),
    "attn.to_k": ("linear1", 1),
    "attn.to_v": ("linear1", 2),
    "proj_mlp": ("linear1", -1),
    "proj_out": ("linear2", None),
    "attn.to_qkv_mlp_proj": ("linear1", None),
    "attn.to_out": ("linear2", None),
    "attn.norm_q": ("norm.query_norm", None),
    "attn.norm_k": ("norm.key_norm", None),
}

_AUTOENCODER = (
    (r"^(quant_conv\.)", r"encoder.\1"),
    (r"^(post_quant_conv\.)", r"decoder.\1"),
    (r"down_blocks\.(\d)\.resnets\.", r"down.\1.block."),
    (r"down_blocks\.(\d)\.downsamplers\.0\.", r"down.\1.downsample."),
    (r"up_blocks\.(\d)\.resnets\.", r"up.\1.block."),
    (r"up_blocks\.(\d)\.upsamplers\.0\.", r"up.\1.upsample."),
    (r"mid_block\.resnets\.0\.", r"mid.block_1."),
    (r"mid_block\.resnets\.1\.", r"mid.block_2."),
    (r"mid_block\.attentions\.0\.group_norm\.", r"mid.attn_1.norm."),
    (r"mid_block\.attentions\.0\.to_out\.0\.", r"mid.attn_1.proj_out."),
    (r"mid_block\.attentions\.0\.to_([qkv])\.", r"mid.attn_1.\1."),
    (r"conv_shortcut\.", r"nin_shortcut."),
    (r"conv_norm_out\.", r"norm_out."),
)


def transformer_piece(name: str) -> Piece:
    """Where a transformer's parameter lies; raises `KeyError` for one that FLUX does not have."""
    block = _BLOCK.fullmatch(name)
    if block is None:
        stem, _, kind = name.rpartition(".")
        return Piece((f"{_OUTSIDE[stem]}.{kind}",), swapped=stem == "norm_out.linear")
    single, number, stem, kind = block.groups()
    stored, part = (_SINGLE if single else _DOUBLE)[stem]
    kind = "scale" if stored.endswith("_norm") else kind
    full = f"{'single' if single else 'double'}_blocks.{number}.{stored}.{kind}"
    return Piece((full,)) if part is None else Piece((full,), part=part, whole=False)


def autoencoder_piece(name: str) -> Piece:
    """Where an autoencoder's parameter lies; both families share these names."""
    stored = name
    for pattern, replacement in _AUTOENCODER:
        stored = re.sub(pattern, replacement, stored)
    stored = re.sub(r"\bup\.(\d)", lambda m: f"up.{_LAST_UP_BLOCK - int(m[1])}", stored)
    moved = name.startswith(("quant_conv.", "post_quant_conv."))  # files differ about these
    return Piece((stored, name) if moved else (stored,))
