"""`restorer bench gpu`: how fast FLUX runs on this device, in each format, and in what memory.

The networks have the real sizes and random weights, so nothing is fetched. Two yardsticks run
beside them: diffusers' own forward pass in a bare loop, and the matrix products of the device.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.backbones import find_backbone
from engine.diffusion.devices import DEVICES, compute_dtype, hardware, pick_device
from engine.placement import Hardware, choose
from trainer.bench.flop_count import forward_flops, image_tokens
from trainer.bench.gpu_ceiling import matrix_ceilings, shapes_of
from trainer.bench.gpu_networks import MODELS, NETWORK_FORMATS
from trainer.bench.gpu_report import PEAK, Findings, Row, data, lines
from trainer.bench.gpu_rig import Setup
from trainer.bench.gpu_runs import format_rows, vae_rows
from trainer.bench.model import keep, say
from trainer.helps import Parser
from trainer.option_values import count

log = logging.getLogger(__name__)

_SIDES = {"full": 1024, "klein": 1024, "small": 256}
_USUAL = ("bf16", "fp8", "int8", "nf4", "q4")


def main(argv: list[str]) -> int:
    """Run the bench; 0 when it could measure, whatever came out.

    Raises `RestorerError` for a device that is not there.
    """
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    found = measured(options)
    say("\n".join(lines(found)))
    keep(options.json, json.dumps(data(found), indent=1))
    return 0


def measured(options: argparse.Namespace) -> Findings:
    """All rows that the options ask for."""
    device = pick_device(options.device)
    name = options.size or ("full" if device.type == "cuda" else "small")
    model, dtype = MODELS[name], compute_dtype(device)
    side = options.side or _SIDES[name]
    tokens = image_tokens(side) + options.text_tokens
    ceilings = matrix_ceilings(device, dtype, shapes_of(tokens, model.transformer.width, device))
    setup = Setup(
        model=model,
        device=device,
        dtype=dtype,
        side=side,
        text_tokens=options.text_tokens,
        steps=options.steps,
        repeats=options.repeats,
        compiled=device.type == "cuda" if options.compile is None else options.compile,
        ceilings=ceilings,
    )
    rows: list[Row] = []
    for name in options.formats:
        rows += _said(list(format_rows(setup, name)))
    rows += _said(list(vae_rows(setup)))
    return Findings(
        machine=_machine(setup),
        ceilings=ceilings,
        rows=tuple(rows),
        twelve_billion=model is MODELS["full"] and side == _SIDES["full"],
        computed=_computed(model.catalogue),
    )


def _said(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, once they are in the log: a bench of an hour should tell how far it is."""
    for row in rows:
        time = row.note if row.seconds is None else f"{row.seconds:.4g} s"
        log.info("%s, %s: %s", row.format, row.run, time)
    return rows


def _computed(id: str) -> str:
    """The placement of a model of the catalogue on a small card, as the program chooses it."""
    if not id:
        return ""
    card = Hardware(kind="cuda", name="it", memory=PEAK, ram=4 * PEAK)
    return choose(find_backbone(id), card).why


def _machine(setup: Setup) -> dict[str, str]:
    here = hardware(setup.device)
    tera = (
        forward_flops(setup.model.transformer, image_tokens(setup.side), setup.text_tokens) / 1e12
    )
    return {
        "device": here.name,
        "memory": f"{here.memory / 1e9:.1f} GB free",
        "torch": torch.__version__,
        "numbers": str(setup.dtype).removeprefix("torch."),
        "model": setup.model.title,
        "tile": f"{setup.side} px, {setup.text_tokens} text tokens, {tera:.3g} TFLOP",
        "steps": str(setup.steps),
    }


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="restorer bench gpu", description=__doc__)
    add = parser.add_argument
    add("--device", default="auto", choices=DEVICES)
    add("--size", choices=tuple(MODELS), help="full on a GPU, small on a processor")
    add("--formats", type=_formats, default=_USUAL, help=f"of {', '.join(NETWORK_FORMATS)}")
    add("--side", type=_side, default=0, help="of the tile in pixels; 1024, small: 256")
    add("--text-tokens", type=count, default=64, help="length of the prompt; T5's is 512")
    add("--steps", type=count, default=4)
    add("--repeats", type=count, default=3, help="samplings of which the median counts")
    add("--compile", action=argparse.BooleanOptionalAction, help="on a GPU, unless it is said")
    add("--json", type=Path, help="write the numbers here")
    return parser


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    strange = [name for name in names if name not in NETWORK_FORMATS]
    if strange:
        raise argparse.ArgumentTypeError(f"there is no format {strange[0]}")
    return names


def _side(text: str) -> int:
    side = int(text)
    if side < 64 or side % 16:
        raise argparse.ArgumentTypeError(f"a side is a multiple of 16 from 64 on, not {side}")
    return side
