"""What is said of pictures, of the files they come from, and of those they are saved to."""

from __future__ import annotations

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP

PICTURES = (
    QT_TRANSLATE_NOOP("Sentences", "“{file}” does not exist."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is a folder, not a picture."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is a folder."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is damaged or cut short."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” cannot be read from the disk."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” does not fit into this computer's memory."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is not there any more."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” was changed since it was restored."),
    QT_TRANSLATE_NOOP("Sentences", "Restore it anew, and save that."),
    QT_TRANSLATE_NOOP("Sentences", "The folder “{folder}” may not be read by you."),
    QT_TRANSLATE_NOOP("Sentences", "The picture does not fit into memory."),
    QT_TRANSLATE_NOOP("Sentences", "Even a small part of this picture does not fit."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The mask {file} has {width} x {height} pixels, the photo {wide} x {high}."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Make the mask on the photo itself, at its full size."),
    QT_TRANSLATE_NOOP("Sentences", "Open the file in another program to see whether it is intact."),
    QT_TRANSLATE_NOOP("Sentences", "Open it in a RAW developer, and export it as a 16-bit TIFF."),
    QT_TRANSLATE_NOOP("Sentences", "It holds {count} pictures; only the main one was read."),
    QT_TRANSLATE_NOOP("Sentences", "Save it as TIFF first."),
    QT_TRANSLATE_NOOP("Sentences", "Export it as TIFF first."),
    QT_TRANSLATE_NOOP("Sentences", "Check the name and the folder."),
    QT_TRANSLATE_NOOP("Sentences", "Name a picture in it."),
    QT_TRANSLATE_NOOP("Sentences", "Ask its owner for the right to read it."),
    QT_TRANSLATE_NOOP("Sentences", "Close other programs, or restore a smaller picture."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The engine stopped while it worked on this picture, perhaps for lack of memory.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The engine stopped before it came to this picture."),
    QT_TRANSLATE_NOOP("Sentences", "The engine was started anew; try the picture again."),
    QT_TRANSLATE_NOOP("Sentences", "It was started anew; try the picture again."),
    QT_TRANSLATE_NOOP("Sentences", "Something went wrong that should not: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "Please report this, with the log file."),
    QT_TRANSLATE_NOOP(
        "Sentences", "“restorer doctor” says more; the command line works without a window."
    ),
    QT_TRANSLATE_NOOP("Sentences", "There is no kind of device called “{name}”."),
    QT_TRANSLATE_NOOP("Sentences", "This machine has no usable “{name}” device."),
    QT_TRANSLATE_NOOP("Sentences", "Take auto or cpu."),
    QT_TRANSLATE_NOOP("Sentences", "The part of the program that finds faces is not installed."),
    QT_TRANSLATE_NOOP("Sentences", "A tile came out {state} and was made once more."),
    QT_TRANSLATE_NOOP("Sentences", "A tile stayed {state}; the draft was kept in its place."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The graphics processor gave wrong numbers in {dtype}, so it computes in float32,"
        " which is slower.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The graphics processor gives wrong numbers; the processor computes. Update its driver.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The disk of {folder} has no room for the picture in work, which takes {needed} GB there.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "Make room on that disk, or enlarge the picture less."),
    QT_TRANSLATE_NOOP("Sentences", "Values outside black to white were clipped."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its scanner profile leads one way only; the photo was converted to sRGB."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Its CMYK colours were converted to sRGB by {source}."),
    QT_TRANSLATE_NOOP("Sentences", "Its Lab colours were converted to sRGB."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its colour profile is for another kind of picture; taken as sRGB."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Its colour profile is damaged; its colours are taken as sRGB."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its colour profile is incomplete; its colours are taken as sRGB."
    ),
    QT_TRANSLATE_NOOP("Sentences", "It names Adobe RGB without a profile; one was added."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its colour profile cannot be read from JPEG XL; it is taken as sRGB."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its colours are of a kind (HDR) that cannot be converted; taken as sRGB."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Its values reach {reach} instead of 1 and were scaled down."),
    QT_TRANSLATE_NOOP("Sentences", "Its last bytes are missing, but no part of the picture is."),
    QT_TRANSLATE_NOOP("Sentences", "Part of its XMP data is damaged and was left out."),
    QT_TRANSLATE_NOOP("Sentences", "Its EXIF data are damaged and were left out."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "It has an HDR gain map, which only a JPEG keeps; the photo is its standard picture.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "It is an animation; only its first picture was read."),
    QT_TRANSLATE_NOOP("Sentences", "It holds {count} pages; only the first was read."),
    QT_TRANSLATE_NOOP(
        "Sentences", "An extra channel (infrared or a saved selection) was left out."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Some of its texts are too long and were left out."),
)
"""What is wrong with a photo, what was assumed of it, and how a restoration went."""
SAVING = (
    QT_TRANSLATE_NOOP(
        "Sentences",
        "“{file}” cannot be written: the formats are JPEG, PNG, TIFF, WebP, AVIF and DNG.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "“{file}” cannot be written: {format} is for colour photos from RAW files."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "“{file}” cannot be written: {format} has no {bits} bits per channel."
    ),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” cannot be written: {reason}."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” exists already."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is the original, which is never changed."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” has an ending that cannot be written."),
    QT_TRANSLATE_NOOP(
        "Sentences", "“{file}” is an original of this list, and originals are never changed."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Nothing can be written into “{folder}”."),
    QT_TRANSLATE_NOOP("Sentences", "The folder “{folder}” cannot be made there."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Choose a name that ends in .jpg, .png, .tif, .webp, .avif or .dng."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Choose another folder."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another name or folder."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another name, or allow overwriting."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another place with -o, or make room there."),
    QT_TRANSLATE_NOOP("Sentences", "Name a file in it."),
    QT_TRANSLATE_NOOP("Sentences", "Save it as TIFF."),
    QT_TRANSLATE_NOOP("Sentences", "{format} has no transparency; it was left out."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{format} has no profiles for gray; its tones were converted to sRGB."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Its profile for gray does not fit a colour picture and was left out."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{format} has no place for IPTC data; they were left out."),
    QT_TRANSLATE_NOOP("Sentences", "Its HDR gain map was left out."),
    QT_TRANSLATE_NOOP("Sentences", "JPEG has no room for its colour profile, which was left out."),
    QT_TRANSLATE_NOOP(
        "Sentences", "JPEG has no room for all of its EXIF data; the longest entries were left out."
    ),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” exists already and is left as it is."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is taken: it becomes “{name}”."),
    QT_TRANSLATE_NOOP("Sentences", "“{file}” is left out: {reason}"),
    QT_TRANSLATE_NOOP("Sentences", "A file name cannot have the character “{character}”."),
    QT_TRANSLATE_NOOP("Sentences", "A bracket {{ or }} is missing its partner."),
    QT_TRANSLATE_NOOP("Sentences", "“{{{place}}}” means nothing here; there are {places}."),
    QT_TRANSLATE_NOOP("Sentences", "The name is empty."),
    QT_TRANSLATE_NOOP("Sentences", "The name is empty, or begins with a dot and would be hidden."),
    QT_TRANSLATE_NOOP("Sentences", "“{name}” is a name that Windows keeps for itself."),
    QT_TRANSLATE_NOOP("Sentences", "The name is too long."),
    QT_TRANSLATE_NOOP("Sentences", "A preset needs a name with letters or digits."),
    QT_TRANSLATE_NOOP("Sentences", "Give it a name."),
    QT_TRANSLATE_NOOP("Sentences", "The preset cannot be saved in “{folder}”: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "The preset cannot be removed from “{folder}”: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "Make room there, or ask for the right to write there."),
    QT_TRANSLATE_NOOP("Sentences", "Ask for the right to write there."),
    QT_TRANSLATE_NOOP("Sentences", "{file} has an unknown entry “{entry}”{hint}"),
    QT_TRANSLATE_NOOP("Sentences", "{file}: “{entry}” should be a {kind}, not {value}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable preset: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} holds the preset “{preset}”; rename one of the two"),
    QT_TRANSLATE_NOOP("Sentences", "Correct the preset file, or remove it."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is of version {version}, not {known}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} has unknown entries: {entries}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} lacks a preset, a model or a seed"),
    QT_TRANSLATE_NOOP("Sentences", "{file} asks for the seed {seed}, which is not 0 to 2^63 - 1"),
    QT_TRANSLATE_NOOP("Sentences", "{file} asks for {steps} steps"),
    QT_TRANSLATE_NOOP("Sentences", "Correct the recipe file."),
)
"""Of names, places and formats; of presets and recipes, which are files too."""
