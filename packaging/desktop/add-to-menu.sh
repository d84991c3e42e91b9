#!/bin/sh
# Adds the Restorer in this folder to your menu, for you alone; with the word "remove" takes it out.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/restorer.desktop

# What file managers offer under "Open with" they look up in an index of the entries.
index() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$data/applications" || true
    fi
}

if [ "${1:-}" = remove ]; then
    rm -f "$entry" "$data"/icons/hicolor/*/apps/restorer.png
    index
    echo "Restorer is no longer in your menu. Its folder is yours to delete."
    exit
fi
mkdir -p "$data/applications" "$data/icons"
cp -R "$here/share/icons/hicolor" "$data/icons/"
# Quoted as the desktop entry specification asks, and then escaped as in any of its values.
command=$(printf '%s' "$here/restorer" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')
escaped=$(printf 'Exec="%s" %%F' "$command" | sed 's/[\\&|]/\\&/g')
sed "s|^Exec=.*|$escaped|" "$here/share/applications/restorer.desktop" >"$entry"
index
echo "Restorer is in your menu now. After moving this folder run this again."
