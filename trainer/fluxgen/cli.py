"""`restorer train generate|select`: training pictures from the model itself, and which are good."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from engine.backbones import BackboneSpec, Painting
from engine.diffusion.devices import DEVICES, pick_device
from engine.errors import BadPhoto, BadRecipe, NoPlace, RestorerError
from engine.folder_lock import folder_lock
from engine.progress import Part, Progress
from trainer.flux.teachable import Teachable, teachable
from trainer.fluxgen.model import PaintingModel
from trainer.fluxgen.painting import PaintOrder, paint_pictures
from trainer.fluxgen.picture_lines import PictureLine
from trainer.fluxgen.prompts import EncodedPrompts, OwnPrompt, encode_prompts, read_descriptions
from trainer.fluxgen.selection import KEPT, TABLE, Selection, select_pictures
from trainer.option_values import amount, count, count_or_none, seed, share

_ENCODING = 0.05
"""Share of the progress for the prompts."""


def generate(options: argparse.Namespace, progress: Progress) -> None:
    """Paint pictures with a model of FLUX's kind, as many as are asked for and not there yet."""
    model = teachable(options.model, Path(options.model).name, options.models)
    size = _whole_tokens(options.size, model.listed)
    guidance = _guidance(options.guidance, model.listed)
    words = None if options.prompts is None else read_descriptions(options.prompts)
    _make_folder(options.out)
    try:
        with folder_lock(options.out):
            prompts = _prompts(options, model, words, Part(progress, 0.0, _ENCODING))
            painter = PaintingModel(model, options.device)
            order = _order(options, model, painter, size, guidance, prompts.words)
            missing = paint_pictures(
                order,
                lambda number, asked: painter.paint(prompts.of(number), asked),
                Part(progress, 0.0 if words is None else _ENCODING, 1.0),
            )
    except BlockingIOError as error:
        said = f"Another program paints into {options.out} at the moment."
        raise RestorerError(said, "Wait until it is through, or name another --out.") from error
    sys.stdout.write(f"{options.out}: {options.count - len(missing)} pictures\n")


def select(options: argparse.Namespace, progress: Progress) -> None:
    """Choose the pictures of a folder that are worth learning from; raises `BadPhoto` at the end
    if some could not be read."""
    selection = select_pictures(options.folder, options.out, options.keep, options.scores, progress)
    sys.stdout.write(_told(selection, options.out))
    unread = [one for one in selection.candidates if one.unread]
    for one in unread:
        sys.stderr.write(f"{one.file} {one.left_out}\n")
    if unread:
        raise BadPhoto(
            f"{len(unread)} of {len(selection.candidates)} pictures could not be read.",
            "The others are chosen from; take these out, or open them in another program.",
        )


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The two commands and their options."""
    painting = commands.add_parser("generate", help="let a model paint its own training pictures")
    add = painting.add_argument
    add("--model", required=True, help="folder of the model, or its id in the catalogue")
    add("--models", type=Path, help="folder of the fetched models")
    add("--out", type=Path, required=True, help="folder of the pictures; continued")
    add("--count", type=count, required=True, help="how many there are to be")
    add("--size", type=_size, metavar="WIDTHxHEIGHT", help="in pixels; else the model's own")
    add("--steps", type=count, help="of the way out of the noise; else the model's own number")
    add("--guidance", type=amount, help="towards the prompt, where the model takes any")
    add("--prompts", type=Path, metavar="FILE", help='descriptions, one a line; "" is none')
    add("--encoder", type=Path, metavar="FOLDER", help="text encoder, in diffusers' form")
    add("--seed", type=seed, default=0)
    add("--device", default="auto", choices=DEVICES)
    add("--threads", type=count_or_none, default=0, help="CPU threads; 0 for all")
    choosing = commands.add_parser("select", help="choose the pictures worth learning from")
    add = choosing.add_argument
    add("folder", type=Path, help="of pictures; it stays as it is")
    add("--out", type=Path, required=True, help="new folder of those that are chosen")
    add("--keep", type=share, default=KEPT, help=f"share that each measure keeps; {KEPT:g}")
    words = "more scores, from other programs: CSV, the name first, larger is better"
    add("--scores", type=Path, nargs="+", default=(), metavar="FILE", help=words)
    choosing.set_defaults(threads=0)


def _prompts(
    options: argparse.Namespace,
    model: Teachable,
    words: tuple[str, ...] | None,
    progress: Progress,
) -> OwnPrompt | EncodedPrompts:
    """Before the model is read, so that text encoder and model need no room beside each other."""
    if words is None:
        return OwnPrompt(model.prompt(model.listed.text_tokens))
    device = pick_device(options.device)
    return encode_prompts(model, words, options.out, options.encoder, device, progress)


def _order(
    options: argparse.Namespace,
    model: Teachable,
    painter: PaintingModel,
    size: tuple[int, int],
    guidance: float | None,
    words: tuple[str, ...],
) -> PaintOrder:
    like = PictureLine(
        file="",
        number=0,
        model=model.id,
        licence=model.licence,
        may_sell=model.may_sell,
        prompt="",
        width=size[0],
        height=size[1],
        steps=options.steps or _painting(model.listed).steps,
        guidance=guidance,
        seed=options.seed,
        draw=0,
        precision=painter.precision,
        device=painter.device,
    )
    return PaintOrder(out=options.out, count=options.count, words=words, like=like)


def _whole_tokens(asked: tuple[int, int] | None, spec: BackboneSpec) -> tuple[int, int]:
    """Width and height for a model, cut to whole tokens; raises `BadRecipe` if it has no such."""
    if asked is None:
        usual = _painting(spec)
        return usual.width, usual.height
    step, least = spec.size.multiple_of, spec.size.minimum
    width, height = (side // step * step for side in asked)
    if min(width, height) < least:
        raise BadRecipe(
            f"Pictures of {asked[0]} x {asked[1]} are too small for {spec.title}.",
            f"Give a --size of {least}x{least} or more.",
        )
    if (width, height) != asked:
        sys.stderr.write(f"Painted in {width} x {height}: whole tokens of {step} pixels.\n")
    return width, height


def _guidance(asked: float | None, spec: BackboneSpec) -> float | None:
    if asked is not None and spec.guided == "none":
        raise BadRecipe(f"{spec.title} takes no guidance.", "Leave --guidance out.")
    return _painting(spec).guidance if asked is None else asked


def _painting(spec: BackboneSpec) -> Painting:
    if spec.painting is None:
        raise BadRecipe(f"{spec.title} cannot paint out of noise.", "Choose another --model.")
    return spec.painting


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlace(f"{path} cannot be made: {error}", "Name another --out.") from error


def _told(selection: Selection, out: Path) -> str:
    """How many were chosen, and how many left out for which reason."""
    reasons = Counter(reason for one in selection.candidates for reason in _reasons(one.left_out))
    lines = [f"{out}: {len(selection.chosen)} of {len(selection.candidates)} pictures, see {TABLE}"]
    lines += [f"  left out {count:6}  {reason}" for reason, count in sorted(reasons.items())]
    return "\n".join(lines) + "\n"


def _reasons(left_out: str) -> list[str]:
    """The kinds of reasons in a text, without what they tell of one picture alone."""
    if not left_out:
        return []
    kind, _, measures = left_out.partition(": ")
    if kind.startswith("below"):
        return [f"{kind} of {name}" for name in measures.split(", ")]
    return ["looks like another" if left_out.startswith("looks like") else kind]


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"width and height, as in 1024x768, not {text}")
    return int(found[1]), int(found[2])
