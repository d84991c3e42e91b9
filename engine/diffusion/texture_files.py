"""Files of the texture prior: its networks in one, and the adapters that guide it in another.

Both are safetensors whose header says what they are. Guidance was trained on one prior and would
do harm in another, so its header names that one's checksum, and the trajectory it was trained on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.diffusion.network import NetworkSizes
from engine.diffusion.texture_network import GuidanceAdapters, TextureNetworks, TextureSizes
from engine.diffusion.texture_prior import travels_as_trained
from engine.diffusion.weight_files import read_module, save_module
from engine.errors import BadRecipe, MissingWeights, WrongAdapter, WrongWeights
from engine.trajectory import Trajectory, trajectory_from, trajectory_table
from engine.weights import sha256

PRIOR_KIND, GUIDANCE_KIND = "restorer-texture-prior", "restorer-texture-guidance"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceHeader:
    """What a file of guidance adapters says about itself."""

    title: str
    backbone: str
    """Id of the model it was trained on, as in the catalogue."""
    network: str
    """sha256 of the prior's file it belongs to."""
    trajectory: Trajectory
    recipe: str
    """Of the degradations it was trained against."""
    licence: str


def save_prior(networks: TextureNetworks, path: Path, licence: str) -> None:
    """Write the networks but for their guidance, large convolutions in 8 bits."""
    sizes = networks.sizes
    header = {
        "kind": PRIOR_KIND,
        "licence": licence,
        "denoiser": _as_text(sizes.denoiser),
        "scene": _as_text(sizes.scene),
    }
    bare = TextureNetworks(sizes)
    own = networks.state_dict()
    bare.load_state_dict({name: own[name] for name in bare.state_dict()})
    save_module(bare, path, header, eight_bit=True)


def load_prior_networks(path: Path, guidance: Path | None = None) -> TextureNetworks:
    """The networks in a file, in float32 on the processor, guided by another one's adapters.

    Raises `MissingWeights`, `WrongWeights`, and `WrongAdapter` if they do not belong together.
    """
    header, tensors = read_module(path)
    if header.get("kind") != PRIOR_KIND:
        raise WrongWeights(f"{path.name} does not hold a texture prior.")
    try:
        sizes = TextureSizes(_from_text(header["denoiser"]), _from_text(header["scene"]))
        networks = TextureNetworks(sizes)
        networks.load_state_dict(tensors)
    except (KeyError, ValueError, TypeError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} is not a usable texture prior.") from error
    if guidance is not None:
        networks.guidance = load_guidance(guidance, networks.sizes, path)
    return networks.eval().requires_grad_(False)


def save_guidance(guidance: GuidanceAdapters, path: Path, header: GuidanceHeader) -> None:
    """Write guidance adapters in half precision."""
    fields = {
        "kind": GUIDANCE_KIND,
        "title": header.title,
        "backbone": header.backbone,
        "network": header.network,
        "trajectory": json.dumps(trajectory_table(header.trajectory)),
        "recipe": header.recipe,
        "licence": header.licence,
    }
    save_module(guidance, path, fields)


def load_guidance(path: Path, sizes: TextureSizes, prior: Path) -> GuidanceAdapters:
    """Read guidance adapters for the prior of these sizes in the file `prior`.

    Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`.
    """
    fields, tensors = read_module(path)
    check_made_for(_guidance_header(fields, path), path, prior)
    guidance = GuidanceAdapters(sizes.denoiser)
    try:
        guidance.load_state_dict(tensors)
    except RuntimeError as error:
        raise WrongAdapter(f"{path.name} does not fit the texture prior.") from error
    return guidance


def check_made_for(header: GuidanceHeader, path: Path, prior: Path) -> None:
    """Raises `WrongAdapter` if the guidance in `path` was not trained on the prior in its file, and
    `MissingWeights` if that is not there."""
    if not prior.exists():
        raise MissingWeights(f"The weights file {prior.name} is missing.")
    if header.network != sha256(prior):
        raise WrongAdapter(
            f"{path.name} was trained on another texture prior than this one.",
            "Take an adapter that was made for it, or train it anew with “train texture”.",
        )


def read_guidance_header(path: Path) -> GuidanceHeader:
    """What a file of guidance adapters says about itself; raises as `load_guidance` does."""
    return _guidance_header(read_module(path)[0], path)


def _guidance_header(fields: Mapping[str, str], path: Path) -> GuidanceHeader:
    if fields.get("kind") != GUIDANCE_KIND:
        raise WrongAdapter(f"{path.name} does not hold guidance for a texture prior.")
    try:
        header = GuidanceHeader(
            title=fields["title"],
            backbone=fields["backbone"],
            network=fields["network"],
            trajectory=trajectory_from(json.loads(fields["trajectory"]), path.name),
            recipe=fields["recipe"],
            licence=fields["licence"],
        )
    except (KeyError, ValueError, AttributeError, BadRecipe) as error:
        raise WrongAdapter(f"{path.name} has an incomplete header.") from error
    if not travels_as_trained(header.trajectory):
        raise WrongAdapter(
            f"{path.name} was made for a path that a texture prior does not take.",
            "Train it anew with “train texture”.",
        )
    return header


def _as_text(sizes: NetworkSizes) -> str:
    return json.dumps({"widths": list(sizes.widths), "blocks": sizes.blocks})


def _from_text(text: str) -> NetworkSizes:
    """Raises `KeyError`, `TypeError` or `ValueError`."""
    table = json.loads(text)
    return NetworkSizes(tuple(int(width) for width in table["widths"]), int(table["blocks"]))
