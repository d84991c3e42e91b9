"""From a model of the catalogue and what is asked of it to a prior that is ready to paint.

First a plan, for which no weights are read: which files, which prompt, along which trajectory; all
that can be wrong with an order shows here. Then a placement on the machine at hand, and last the
weights, where the placement wants them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from engine.backbones import BackboneSpec
from engine.diffusion.backbone import Backbone
from engine.diffusion.devices import hardware, pick_device, release_memory
from engine.diffusion.flux.flux_loading import latent_spec
from engine.diffusion.flux.lora import is_lora
from engine.diffusion.prior_families import Staged, prior_family
from engine.diffusion.prior_weights import PriorWeights
from engine.diffusion.self_check import Compute, trusted
from engine.diffusion.step_times import StepTimes
from engine.errors import MissingWeights, OutOfMemory, WrongAdapter, WrongWeights
from engine.machine_notes import MachineNotes
from engine.phrases import prompt_for
from engine.placement import NoPlacement, Placement, choose, runnable
from engine.preset import Preset
from engine.schedule import Schedule, for_tokens, in_steps
from engine.shelf import Shelf
from engine.stamps import Stamp
from engine.trajectory import Trajectory

_LOG = logging.getLogger(__name__)
_PLAIN_START = 0.6
"""Share of noise from which a model without a trajectory of its own starts: the texture of a photo
is gone there, and its things are still in their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPlan:
    """What is asked of a model. Of two plans with the same `weights` the second finds them loaded.

    `trajectory` visits the same sigmas for tiles of every size.
    """

    weights: PriorWeights
    prompt: Path | None
    """None is a blank one."""
    trajectory: Trajectory


@dataclass(slots=True)
class Prior:
    """A model on this machine."""

    spec: BackboneSpec
    trajectory: Trajectory
    placement: Placement
    backbone: Callable[[Placement], Backbone]
    """Gives the backbone as it is placed; loads it the first time."""
    release: Callable[[Placement], None] = lambda placement: release_memory(
        pick_device(placement.device)
    )
    """Frees what a failed attempt left on a device."""
    notes: tuple[str, ...] = ()
    """Sentences about the device, if it is not the one that was asked for."""
    times: StepTimes | None = None
    """Where is kept how long a step takes."""


def plan_prior(
    spec: BackboneSpec,
    shelf: Shelf,
    *,
    device: str = "auto",
    adapter: Path | None = None,
    preset: Preset,
    steps: int = 0,
) -> PriorPlan:
    """Settle how `spec` is run for a preset, in its own number of steps or in `steps`.

    `adapter` is a file of the user's: an adapter for this model in place of its own, or a LoRA on
    top of it. Raises `MissingWeights`, `WrongWeights`, `WrongAdapter`, `RestorerError`.
    """
    variants = variants_here(spec, shelf)
    place = shelf.place(spec)
    lora = adapter if adapter is not None and _is_lora(adapter, spec) else None
    steering = adapter if lora is None and adapter is not None else _own(spec, place, "adapter")
    if steering is not None:
        prior_family(spec).belongs(spec, place, steering)
    prompt = prompt_file(spec, place, preset, steered=steering is not None)
    trajectory = trajectory_of(spec, steering, steps)
    if steering is None and lora is None and not spec.reference:
        raise MissingWeights(
            f"{spec.title} cannot restore without an adapter",
            "Give one with --adapter, or choose a model that needs none.",
        )
    tabled = lora is None and shelf.keeps_tables(spec)  # a LoRA may alter what they record
    weights = PriorWeights(
        spec=spec,
        folder=place,
        variants=variants,
        device=device,
        adapter=steering,
        lora=lora,
        stamps=tuple(Stamp.of(path) for path in (steering, lora)),
        fixed=(prompt, trajectory) if tabled else None,
    )
    return PriorPlan(weights=weights, prompt=prompt, trajectory=trajectory)


def variants_here(spec: BackboneSpec, shelf: Shelf) -> tuple[str, ...]:
    """The precisions of a model that are on this machine; raises `MissingWeights` if none is."""
    if not spec.ready:
        raise MissingWeights(f"This version cannot run {spec.title} yet", "Choose another model.")
    variants = shelf.variants_here(spec)
    if not variants:
        remedy = "" if spec.shipped else f"Fetch it with “restorer models download {spec.id}”."
        raise MissingWeights(f"{spec.title} is not on this machine", remedy)
    return variants


def trajectory_of(spec: BackboneSpec, adapter: Path | None, steps: int = 0) -> Trajectory:
    """The trajectory an adapter was trained on, else a plain one of the model's.

    A model that is shown the photo paints from pure noise, as it was trained to; another one
    starts from the noised draft. `steps` other than 0 replaces their number.
    """
    shift = latent_spec(spec).shift
    if adapter is not None:
        trajectory = prior_family(spec).header(adapter).trajectory
    elif spec.reference:
        trajectory = Trajectory(schedule=Schedule(steps=spec.steps, shift=shift))
    else:
        schedule = Schedule(steps=spec.steps, start=_PLAIN_START, shift=shift)
        trajectory = Trajectory(start="degraded", schedule=schedule)
    schedule = in_steps(trajectory.schedule, steps) if steps else trajectory.schedule
    tokens = (spec.size.native // (spec.latent_scale * spec.patch)) ** 2
    return replace(trajectory, schedule=for_tokens(schedule, tokens))


def prompt_file(
    spec: BackboneSpec, place: Path, preset: Preset, *, steered: bool = False
) -> Path | None:
    """The prompt for a preset: the model's own if it has one, else the preset's phrase.

    None is a blank prompt, for models that are `steered` by an adapter: it was trained with that
    one, and has learnt what to put in its place; and for those that were told no words and can do
    without. Raises `MissingWeights` where a model needs words and has none.
    """
    own = _own(spec, place, "prompt")
    if own is not None or steered:
        return own
    try:
        return prompt_for(place, preset)
    except MissingWeights as error:
        if not spec.reference:
            return None
        raise MissingWeights(
            f"{spec.title} has no prompt for “{preset.title}”",
            f"Run “restorer models download {spec.id}” once more, which makes what is missing.",
        ) from error


def placed(weights: PriorWeights) -> Placement:
    """Where a model runs on this machine, as free as it is now; raises `OutOfMemory`."""
    machine = hardware(pick_device(weights.device))
    tables = weights.fixed is not None
    choice = choose(weights.spec, machine, runnable(weights.variants), tables=tables)
    if isinstance(choice, NoPlacement):
        raise OutOfMemory(choice.why, "Close other programs, or choose a smaller model.")
    return choice


def sound(
    weights: PriorWeights,
    placement: Placement,
    found_out: MachineNotes,
    compute: Compute | None = None,
) -> tuple[Placement, tuple[str, ...]]:
    """`placement` if its device computes what it should, else one that does; and what to say.

    `compute` is as for `trusted`. Raises `OutOfMemory` as `placed` does.
    """
    device, dtype = torch.device(placement.device), getattr(torch, placement.dtype)
    found = trusted(device, dtype, found_out, compute)
    if found.device != device:
        placement = placed(replace(weights, device=found.device.type))
    if found.dtype != dtype:
        placement = replace(placement, dtype="float32")
    return placement, found.notes


class Priors:
    """Keeps the model that was used last; a second large one would not fit beside it."""

    def __init__(self, found_out: MachineNotes | None = None) -> None:
        """`found_out` is what is known of this machine, and what is found out is kept in it."""
        self._found_out = found_out or MachineNotes(None)
        self._weights: PriorWeights | None = None
        self._prior: Prior | None = None
        self._stage: Staged | None = None

    def __call__(self, plan: PriorPlan) -> Prior:
        """A prior that goes by `plan`; its weights are read when it paints.

        Raises `OutOfMemory` where no placement is large enough, `WrongAdapter`, `WrongWeights`.
        """
        family = prior_family(plan.weights.spec)
        prompt = family.prompt(plan.weights, plan.prompt)
        if self._prior is None or self._stage is None or plan.weights != self._weights:
            self._prior = self._stage = None
            release_memory(pick_device(plan.weights.device))
            placement, notes = sound(plan.weights, placed(plan.weights), self._found_out)
            _LOG.info("%s runs on %s: %s", plan.weights.spec.id, placement.device, placement.why)
            self._stage = family.stage(plan.weights, prompt)
            self._prior = Prior(
                plan.weights.spec,
                plan.trajectory,
                placement,
                self._stage,
                notes=notes,
                times=StepTimes(self._found_out),
            )
            self._weights = plan.weights
        self._stage.prompt = prompt
        self._prior.trajectory = plan.trajectory
        return self._prior


def load_prior(
    spec: BackboneSpec,
    shelf: Shelf,
    *,
    device: str = "auto",
    adapter: Path | None = None,
    preset: Preset,
    steps: int = 0,
) -> Prior:
    """Plan and prior in one; raises as `plan_prior` and `Priors` do."""
    plan = plan_prior(spec, shelf, device=device, adapter=adapter, preset=preset, steps=steps)
    return Priors()(plan)


def _own(spec: BackboneSpec, place: Path, role: str) -> Path | None:
    """The model's own file of that role, if its catalogue has one."""
    found = next((file for file in spec.files if file.role == role), None)
    return None if found is None else place / found.path


def _is_lora(path: Path, spec: BackboneSpec) -> bool:
    """Whether a file of the user's is a LoRA; False is an adapter that was made for `spec`.

    Raises `WrongAdapter` for anything else, `MissingWeights`, `WrongWeights`.
    """
    if not path.is_file():
        raise MissingWeights(f"The adapter {path.name} is missing.", "Check its place.")
    try:
        with safe_open(path, "pt") as file:
            kind = (file.metadata() or {}).get("kind", "")
            names = list(file.keys())
    except (SafetensorError, OSError) as error:
        raise WrongWeights(f"The adapter {path.name} is damaged.") from error
    family = prior_family(spec)
    if family.loras and is_lora(names):
        return True
    remedy = f"Take one made for {spec.id}; those for the embedded model go with --model lite."
    if not kind.startswith(family.adapters):
        raise WrongAdapter(f"{path.name} is no adapter for {spec.title}.", remedy)
    made_for = family.header(path).backbone
    if made_for != spec.id:
        raise WrongAdapter(f"{path.name} was made for {made_for}, not for {spec.id}.", remedy)
    return False
