"""The runs of `restorer bench gpu`: ours and the plain loop's, for one format after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import torch
from torch import Tensor, nn

from engine.diffusion.backbone import Conditioning
from engine.diffusion.devices import release_memory
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.vae_tiles import TiledAutoencoder
from engine.diffusion.out_of_memory import is_out_of_memory
from engine.diffusion.quantised.compiling import compile_blocks, compile_trunk, uncompile
from engine.diffusion.quantised.eight_bit_layers import can_multiply_short, multiply_short
from engine.diffusion.sampling import sample_latent
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from trainer.bench.gpu_ceiling import PLAIN, wait
from trainer.bench.gpu_networks import (
    NETWORK_FORMATS,
    Format,
    parameters,
    random_table,
    transformer,
)
from trainer.bench.gpu_plain import NotHere, plain_loop, use_usual_layers
from trainer.bench.gpu_report import GB, Row
from trainer.bench.gpu_rig import Setup, new_adapter, new_autoencoder, new_backbone, new_latent

_VAE_SIDE = 512
_FULL_SIZE = 1.15
"""Memory that a network needs before any work, in sizes of its weights."""


def format_rows(setup: Setup, name: str) -> Iterator[Row]:
    """All runs of one format; a run that fails for lack of something is a row that says so."""
    form = NETWORK_FORMATS[name]
    lack = _lack(setup, form)
    if lack:
        yield Row(format=name, run="ours", note=f"not measured: {lack}")
        return
    yield from _without_table(setup, name, form)
    _forget(setup.device)
    yield from _with_table(setup, name, form)
    _forget(setup.device)


def vae_rows(setup: Setup) -> Iterator[Row]:
    """Encoding and decoding one tile, whole and in tiles, in both formats."""
    formats = dict.fromkeys((setup.dtype, torch.float32))
    for dtype in formats:
        name = str(dtype).removeprefix("torch.")
        whole = new_autoencoder(setup, dtype)
        tiled = TiledAutoencoder(whole, _VAE_SIDE) if setup.side > _VAE_SIDE else None
        image = torch.rand(1, 3, setup.side, setup.side, device=setup.device)
        latent = new_latent(setup, 4)
        for run, autoencoder in (("", whole), (f", tiles of {_VAE_SIDE}", tiled)):
            if autoencoder is not None:
                encode = partial(autoencoder.encode, image, 16)
                decode = partial(autoencoder.decode, latent)
                yield _row(setup, f"VAE {name}", f"encode{run}", encode)
                yield _row(setup, f"VAE {name}", f"decode{run}", decode)
        del whole, tiled, autoencoder, encode, decode  # all of them hold the weights
        _forget(setup.device)


def _without_table(setup: Setup, name: str, form: Format) -> Iterator[Row]:
    """Ours and the plain loop with the same network, each as it is and compiled."""
    network = transformer(setup.model, form, setup.device, setup.dtype)
    _use_short_products(network, form)
    backbone = new_backbone(setup, network)
    flops, ceiling = setup.flops(table=False, adapter=False), _ceiling(setup, form)
    latent, noise = new_latent(setup, 5), new_latent(setup, 6)
    given = backbone.condition_on(latent)
    ours = partial(_sampled, setup, backbone, given, noise)
    sizes, dtype = setup.model.transformer, setup.dtype
    plain = partial(plain_loop, network, sizes, noise, given, setup.sigmas, dtype)
    steps = partial(_row, setup, name, steps=setup.steps, flops=flops, ceiling=ceiling)
    yield steps("ours", ours)
    if setup.compiled:
        compile_blocks(network)
        yield steps("ours, compiled", ours)
        uncompile(network)
    try:
        library = use_usual_layers(network, form, dtype)
    except NotHere as lack:
        yield Row(format=name, run="plain", note=f"not measured: {lack}")
        return
    _forget(setup.device)
    yield steps("plain", plain, note=f"layers of {library}")
    if setup.compiled:
        compile_blocks(network)
        yield steps("plain, compiled", plain, note=f"layers of {library}")
        uncompile(network)


def _with_table(setup: Setup, name: str, form: Format) -> Iterator[Row]:
    """With a modulation table: alone, with an adapter, and a whole restoration."""
    device, ceiling = setup.device, _ceiling(setup, form)
    blank = new_backbone(setup, nn.Identity())
    table = random_table(setup.model, setup.sigmas[:-1], blank.modulated_by, device)
    network = transformer(setup.model, form, device, setup.dtype, table)
    _use_short_products(network, form)
    mode = ", compiled" if setup.compiled else ""
    if setup.compiled:
        compile_blocks(network)
    backbone = new_backbone(setup, network)
    backbone.use_table(table)
    noise = new_latent(setup, 6)
    given = backbone.condition_on(new_latent(setup, 5))
    steps = partial(_row, setup, name, steps=setup.steps, ceiling=ceiling)
    ours = partial(_sampled, setup, backbone, given, noise)
    flops = setup.flops(table=True, adapter=False)
    yield steps(f"ours{mode}, table", ours, flops=flops)
    backbone.adapter = new_adapter(setup)
    if setup.compiled:
        compile_trunk(backbone.adapter.trunk)
    flops = setup.flops(table=True, adapter=True)
    yield steps(f"ours{mode}, table, adapter", ours, flops=flops)
    autoencoder = new_autoencoder(setup, torch.float32)
    small = setup.side > _VAE_SIDE
    backbone.autoencoder = TiledAutoencoder(autoencoder, _VAE_SIDE) if small else autoencoder
    image = torch.rand(1, 3, setup.side, setup.side, device=device)
    whole = partial(_restored, setup, backbone, image, noise)
    yield _row(setup, name, "restore", whole, note="encode, all steps with adapter, decode")
    uncompile(network)


def _row(
    setup: Setup,
    name: str,
    run: str,
    action: Callable[[], object],
    *,
    steps: int = 1,
    flops: float = 0.0,
    ceiling: float = 0.0,
    note: str = "",
) -> Row:
    """Run once to warm up, then time it; what cannot run is a row without seconds."""
    try:
        with torch.inference_mode():
            action()
            _forget(setup.device)
            _reset_peak(setup.device)
            seconds = [_timed(action, setup.device) for _ in range(setup.repeats)]
    except (RuntimeError, NotImplementedError, TypeError, FloatingPointError) as error:
        # Also what a compiler raises: whichever run it is, the others can go on.
        reason = "memory ran out" if is_out_of_memory(error) else str(error).partition("\n")[0][:90]
        return Row(format=name, run=run, note=f"not measured: {reason}")
    return Row(
        format=name,
        run=run,
        seconds=median(seconds) / steps,
        peak=_peak(setup.device),
        flops=flops,
        ceiling=ceiling,
        note=note,
    )


def _timed(action: Callable[[], object], device: torch.device) -> float:
    wait(device)
    start = time.perf_counter()
    action()
    wait(device)
    return time.perf_counter() - start


def _sampled(setup: Setup, backbone: FluxBackbone, given: Conditioning, noise: Tensor) -> Tensor:
    trajectory = Trajectory(schedule=Schedule(listed=setup.sigmas))
    return sample_latent(backbone, given, trajectory, lambda draw: noise)


def _restored(setup: Setup, backbone: FluxBackbone, image: Tensor, noise: Tensor) -> Tensor:
    latent = _sampled(setup, backbone, backbone.condition(image), noise)
    return backbone.decode(latent)


def _use_short_products(network: nn.Module, form: Format) -> None:
    if form.multiplied is not None:
        multiply_short(network, form.multiplied)


def _ceiling(setup: Setup, form: Format) -> float:
    return setup.ceilings[form.multiplied or PLAIN]


def _lack(setup: Setup, form: Format) -> str:
    """What keeps a format from being measured here, if anything."""
    if form.multiplied is not None and not can_multiply_short(setup.device, form.multiplied):
        return f"needs a device that multiplies in {form.multiplied}"
    if setup.device.type == "mps" and form.variant == "fp8":
        return "needs a device that knows FP8"
    if setup.device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(setup.device)
        needed = _FULL_SIZE * parameters(setup.model) * form.bits / 8
        if needed > free:
            return f"needs {needed / GB:.0f} GB, {free / GB:.0f} are free"
    return ""


def _forget(device: torch.device) -> None:
    """Give back what nobody uses any more, so that the next run starts with an empty card."""
    if device.type != "cpu":
        release_memory(device)


def _reset_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _peak(device: torch.device) -> int | None:
    """Bytes of the card that were taken at the worst moment, with what the driver takes.

    Where other programs use the card it is too high, never too low.
    """
    if device.type != "cuda":
        return None
    free, total = torch.cuda.mem_get_info(device)
    beside = total - free - torch.cuda.memory_reserved(device)
    return beside + torch.cuda.max_memory_reserved(device)
