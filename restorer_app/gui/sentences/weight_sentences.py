"""What is said of files of weights: networks, tables, prompts and adapters."""

from __future__ import annotations

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP

WEIGHTS = (
    QT_TRANSLATE_NOOP("Sentences", "The file {file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The weights file {file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The weights file predictor.safetensors is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The weights file {file} is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "The weights file {file} lacks the scale of {name}."),
    QT_TRANSLATE_NOOP("Sentences", "The ranges in {file} are damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is damaged, or holds another autoencoder."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a {kind}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} holds no usable network."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold the network it should."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold an enlarger."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable enlarger."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold an enlarger's expert."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable expert."),
    QT_TRANSLATE_NOOP("Sentences", "The enlarger and its expert do not belong together."),
    QT_TRANSLATE_NOOP("Sentences", "The enlarger and its guide do not belong together."),
    QT_TRANSLATE_NOOP("Sentences", "This network cannot guide an enlarger."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a light estimator."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable light estimator."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable repairer."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a texture prior."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable texture prior."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable autopilot: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} lacks {name}: it is not a complete model."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{file} is another model: its {name} is {size}, not {expected}."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{file} is another model: it has {name} besides."),
    QT_TRANSLATE_NOOP("Sentences", "{file} describes a {kind}, which is no transformer of FLUX."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not describe an autoencoder of FLUX."),
    QT_TRANSLATE_NOOP("Sentences", "The config {file} is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{file} stores {name} in an unknown form of eight bits."),
    QT_TRANSLATE_NOOP("Sentences", "{file} stores {name} in an unknown form of NF4."),
    QT_TRANSLATE_NOOP("Sentences", "{file} stores numbers as {kind}, which cannot be read."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{file} is a GGUF file, and the package that reads them is not installed."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{file} is neither safetensors nor GGUF."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Other formats can hold programs and are not opened; choose one of these two."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Install the package gguf, or choose weights in safetensors."),
    QT_TRANSLATE_NOOP("Sentences", "Choose the file in another precision."),
    QT_TRANSLATE_NOOP("Sentences", "Choose the model in another precision."),
    QT_TRANSLATE_NOOP("Sentences", "The modulation table was made for another model or prompt."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The modulation table was made for {backbone}, a different one."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The modulation table of {backbone} has other sizes."),
    QT_TRANSLATE_NOOP("Sentences", "The modulation table has no row for sigma {sigma}."),
    QT_TRANSLATE_NOOP("Sentences", "The modulation table {file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The modulation table {file} is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a modulation table."),
    QT_TRANSLATE_NOOP("Sentences", "Make the table again."),
    QT_TRANSLATE_NOOP("Sentences", "Make the table again for this number of steps."),
    QT_TRANSLATE_NOOP("Sentences", "The prompt file {file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The prompt file {file} is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a prompt."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The prompt {file} was embedded for {family}, not for {wanted}."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "The prompt {file} was embedded by another text encoder than {model}'s."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The prompt {file} cannot be written: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "The text encoder has {layers} layers, not {least} or more"),
    QT_TRANSLATE_NOOP("Sentences", "The text encoder lacks {name} and {count} more"),
    QT_TRANSLATE_NOOP("Sentences", "{file} of the text encoder is damaged: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "The text encoder's files do not fit together: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "transformers cannot be loaded: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "Remove the file and install it again."),
    QT_TRANSLATE_NOOP("Sentences", "Reinstall the program."),
    QT_TRANSLATE_NOOP("Sentences", "Reinstall the program, or choose another model."),
)
"""Of files that make up a model."""
ADAPTERS = (
    QT_TRANSLATE_NOOP("Sentences", "The adapter {file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The adapter {file} is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{file} was made for {backbone}, not for {wanted}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not fit {backbone}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold an adapter for FLUX."),
    QT_TRANSLATE_NOOP("Sentences", "{file} has an incomplete header."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a LoRA for this model: {reason}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} was made for a model of another size."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not say how strong it is: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "Take another copy of it, or another LoRA."),
    QT_TRANSLATE_NOOP("Sentences", "The network that {file} is for is missing."),
    QT_TRANSLATE_NOOP("Sentences", "{file} was made for another version of the predictor."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold a task adapter."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not fit the predictor."),
    QT_TRANSLATE_NOOP("Sentences", "The model has no adapter for the task “{task}”."),
    QT_TRANSLATE_NOOP("Sentences", "The model has no weights for this: *.{kind}.safetensors."),
    QT_TRANSLATE_NOOP("Sentences", "{model} cannot restore without an adapter"),
    QT_TRANSLATE_NOOP("Sentences", "Give one with --adapter, or choose a model that needs none."),
    QT_TRANSLATE_NOOP("Sentences", "Check its place."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is no adapter for {model}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Take one made for {model}; those for the embedded model go with --model lite."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{file} takes prompts of {tokens} tokens, not {count}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} was trained on another texture prior than this one."),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not hold guidance for a texture prior."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{file} was made for a path that a texture prior does not take."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{file} does not fit the texture prior."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Take an adapter that was made for it, or train it anew with “train texture”."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Train it anew with “train texture”."),
    QT_TRANSLATE_NOOP("Sentences", "Choose the model that the adapter names."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a table"),
    QT_TRANSLATE_NOOP("Sentences", "{file}: the schedule is a table of its own"),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable trajectory: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "Correct the trajectory file, or take another adapter."),
)
"""Of what is put on a model."""
