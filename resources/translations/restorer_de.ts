<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Restorer</source>
        <translation>Über Restorer</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Restores photographs on your own computer.</source>
        <translation>Restauriert Fotos auf Ihrem eigenen Computer.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Open log folder</source>
        <translation>Ordner mit dem Protokoll öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Adjustments</name>
    <message>
        <source>Double-click the name, or press Delete, to reset.</source>
        <translation>Doppelklick auf den Namen oder die Entf-Taste stellt zurück.</translation>
    </message>
    <message>
        <source>Mix</source>
        <translation>Mischung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Needs a new run</source>
        <translation>Braucht einen neuen Lauf</translation>
    </message>
    <message>
        <source>A change here shows after the next run.</source>
        <translation>Eine Änderung hier zeigt sich nach dem nächsten Lauf.</translation>
    </message>
    <message>
        <source>Same size</source>
        <translation>Gleiche Größe</translation>
    </message>
    <message>
        <source>{n} times as large</source>
        <translation>{n}-mal so groß</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>How much of the whole change is kept. At 0 % the original shows.</source>
        <translation>Wie viel der ganzen Änderung bleibt. Bei 0 % ist das Original zu sehen.</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>How much of the change in fine texture is kept.</source>
        <translation>Wie viel der Änderung in feinen Strukturen bleibt.</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>How much of the change in colour is kept; brightness is not touched.</source>
        <translation>Wie viel der Farbänderung bleibt; die Helligkeit bleibt unberührt.</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>Korn</translation>
    </message>
    <message>
        <source>Gives back some of the fine noise that was taken away.</source>
        <translation>Gibt etwas vom feinen Rauschen zurück, das entfernt wurde.</translation>
    </message>
    <message>
        <source>Face protection</source>
        <translation>Gesichtsschutz</translation>
    </message>
    <message>
        <source>Keeps faces as they were. At 100 % they stay the original's.</source>
        <translation>Lässt Gesichter, wie sie waren. Bei 100 % bleiben sie die des Originals.</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>Restorer cannot keep its files: {}</source>
        <translation>Restorer kann seine Dateien nicht ablegen: {}</translation>
    </message>
</context>
<context>
    <name>BrushRow</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Paint where the original shall stay (K)</source>
        <translation>Malen, wo das Original bleiben soll (K)</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Paint where the full restoration shall show (R)</source>
        <translation>Malen, wo die volle Restaurierung zu sehen sein soll (R)</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>Take painted places away again (E)</source>
        <translation>Gemalte Stellen wieder wegnehmen (E)</translation>
    </message>
    <message>
        <source>Take all painted places away</source>
        <translation>Alle gemalten Stellen wegnehmen</translation>
    </message>
    <message>
        <source>Clear the brush marks</source>
        <translation>Pinselspuren löschen</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Brush size in pixels of the photo ([ and ])</source>
        <translation>Pinselgröße in Pixeln des Fotos ([ und ])</translation>
    </message>
    <message>
        <source>Size {size} px</source>
        <translation>Größe {size} px</translation>
    </message>
</context>
<context>
    <name>Chores</name>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Open a folder of photos</source>
        <translation>Einen Ordner mit Fotos öffnen</translation>
    </message>
    <message>
        <source>Save as preset</source>
        <translation>Als Vorgabe speichern</translation>
    </message>
    <message>
        <source>Name of the preset:</source>
        <translation>Name der Vorgabe:</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Connections this session</source>
        <translation>Verbindungen dieser Sitzung</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Restorer has opened {} connections to other computers since it was started. It counts what its own processes ask the system for. Your photos are never sent anywhere.</source>
        <translation>Restorer hat seit dem Start {} Verbindungen zu anderen Computern geöffnet. Gezählt wird, worum die eigenen Prozesse das System bitten. Ihre Fotos werden nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Take {} photos off the list? The files stay where they are.</source>
        <translation>{} Fotos von der Liste nehmen? Die Dateien bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>1 photo is still to be restored. It goes on when Restorer starts again. Quit now?</source>
        <translation>1 Foto ist noch nicht restauriert. Es geht beim nächsten Start von Restorer weiter. Jetzt beenden?</translation>
    </message>
    <message>
        <source>{} photos are still to be restored. They go on when Restorer starts again. Quit now?</source>
        <translation>{} Fotos sind noch nicht restauriert. Nach dem nächsten Start geht es mit ihnen weiter. Jetzt beenden?</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>1 photo was not finished when Restorer ended. Go on with it?</source>
        <translation>1 Foto war nicht fertig, als Restorer endete. Damit weitermachen?</translation>
    </message>
    <message>
        <source>{} photos were not finished when Restorer ended. Go on with them?</source>
        <translation>{} Fotos waren nicht fertig, als Restorer endete. Damit weitermachen?</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>Einen Ordner überwachen …</translation>
    </message>
    <message>
        <source>Stop watching “{}”</source>
        <translation>„{}“ nicht mehr überwachen</translation>
    </message>
</context>
<context>
    <name>CompareCanvas</name>
    <message>
        <source>Comparison of before and after</source>
        <translation>Vergleich von vorher und nachher</translation>
    </message>
    <message>
        <source>No photo</source>
        <translation>Kein Foto</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Difference × %1</source>
        <translation>Unterschied × %1</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After · %1</source>
        <translation>Nachher · %1</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>zoom %1 %</source>
        <translation>Zoom %1 %</translation>
    </message>
    <message>
        <source>divider at %1 %</source>
        <translation>Teilung bei %1 %</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Geteilt</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>One above the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <source>Single</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Original while held; a tap leaves it on (Space too)</source>
        <translation>Original, solange gehalten; kurz getippt bleibt es (auch Leertaste)</translation>
    </message>
    <message>
        <source>Show a result; 0 shows the original</source>
        <translation>Ein Ergebnis zeigen; 0 zeigt das Original</translation>
    </message>
    <message>
        <source>Split with a divider</source>
        <translation>Geteilt durch eine Linie</translation>
    </message>
    <message>
        <source>One picture alone</source>
        <translation>Ein Bild allein</translation>
    </message>
    <message>
        <source>Map of what was added</source>
        <translation>Karte des Hinzugefügten</translation>
    </message>
    <message>
        <source>Turn the divider</source>
        <translation>Die Teilungslinie drehen</translation>
    </message>
    <message>
        <source>Move the divider by 1 % (Shift: 10 %)</source>
        <translation>Die Teilungslinie um 1 % bewegen (Umschalt: 10 %)</translation>
    </message>
    <message>
        <source>Move the photo</source>
        <translation>Das Foto verschieben</translation>
    </message>
    <message>
        <source>Whole photo or 100 %</source>
        <translation>Ganzes Foto oder 100 %</translation>
    </message>
    <message>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <source>100 %, 200 %, 400 %</source>
        <translation>100 %, 200 %, 400 %</translation>
    </message>
    <message>
        <source>Zoom in and out (wheel too)</source>
        <translation>Vergrößern und verkleinern (auch mit dem Rad)</translation>
    </message>
    <message>
        <source>Loupe; the wheel makes it stronger</source>
        <translation>Lupe; das Rad macht sie stärker</translation>
    </message>
</context>
<context>
    <name>ConnectionLabel</name>
    <message>
        <source>1 connection this session</source>
        <translation>1 Verbindung in dieser Sitzung</translation>
    </message>
    <message>
        <source>{n} connections this session</source>
        <translation>{n} Verbindungen in dieser Sitzung</translation>
    </message>
    <message>
        <source>Counted while the program runs. Photos never leave this computer.</source>
        <translation>Gezählt, während das Programm läuft. Fotos verlassen diesen Computer nie.</translation>
    </message>
</context>
<context>
    <name>Darkroom</name>
    <message>
        <source>Opening {}…</source>
        <translation>{} wird geöffnet …</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Let go to open</source>
        <translation>Loslassen zum Öffnen</translation>
    </message>
    <message>
        <source>Drop photos here</source>
        <translation>Fotos hierher ziehen</translation>
    </message>
    <message>
        <source>Photos or whole folders. Your files are never changed.</source>
        <translation>Fotos oder ganze Ordner. Ihre Dateien werden nie verändert.</translation>
    </message>
    <message>
        <source>Open photos…</source>
        <translation>Fotos öffnen …</translation>
    </message>
    <message>
        <source>Choose photos (Ctrl+O)</source>
        <translation>Fotos wählen (Strg+O)</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <source>Choose a folder of photos (Ctrl+Shift+O)</source>
        <translation>Einen Ordner mit Fotos wählen (Strg+Umschalt+O)</translation>
    </message>
    <message>
        <source>Try a sample</source>
        <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>See what the program does, on a photo of its own</source>
        <translation>An einem mitgelieferten Foto sehen, was das Programm tut</translation>
    </message>
    <message>
        <source>Everything happens on this computer.</source>
        <translation>Alles geschieht auf diesem Computer.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Make the same folders there</source>
        <translation>Dort die gleichen Ordner anlegen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Bit depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <source>Colour profile</source>
        <translation>Farbprofil</translation>
    </message>
    <message>
        <source>Information in the file</source>
        <translation>Angaben in der Datei</translation>
    </message>
    <message>
        <source>If a file is there</source>
        <translation>Wenn es die Datei gibt</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Beside each photo</source>
        <translation>Neben jedem Foto</translation>
    </message>
    <message>
        <source>{name}, {preset}, {date}, {n} and {scale} are filled in for each photo.</source>
        <translation>{name}, {preset}, {date}, {n} und {scale} werden für jedes Foto eingesetzt.</translation>
    </message>
    <message>
        <source>As the photo</source>
        <translation>Wie das Foto</translation>
    </message>
    <message>
        <source>Keep the photo's</source>
        <translation>Das des Fotos behalten</translation>
    </message>
    <message>
        <source>sRGB, for the web</source>
        <translation>sRGB, für das Web</translation>
    </message>
    <message>
        <source>Keep all</source>
        <translation>Alle behalten</translation>
    </message>
    <message>
        <source>All but the place</source>
        <translation>Alle außer dem Ort</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Number the new one</source>
        <translation>Die neue nummerieren</translation>
    </message>
    <message>
        <source>Skip the photo</source>
        <translation>Das Foto überspringen</translation>
    </message>
    <message>
        <source>Replace it (never a source)</source>
        <translation>Ersetzen (nie ein Original)</translation>
    </message>
    <message>
        <source>{n} bits per colour</source>
        <translation>{n} Bit pro Farbe</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export 1 photo</source>
        <translation>1 Foto exportieren</translation>
    </message>
    <message>
        <source>Export {n} photos</source>
        <translation>{n} Fotos exportieren</translation>
    </message>
    <message>
        <source>For example {name}</source>
        <translation>Zum Beispiel {name}</translation>
    </message>
    <message>
        <source>Where to put the restored photos</source>
        <translation>Wohin mit den restaurierten Fotos</translation>
    </message>
</context>
<context>
    <name>ExportFlow</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>and {} more</source>
        <translation>und {} weitere</translation>
    </message>
</context>
<context>
    <name>FailureReport</name>
    <message>
        <source>Photos that failed</source>
        <translation>Fehlgeschlagene Fotos</translation>
    </message>
    <message>
        <source>1 photo failed</source>
        <translation>1 Foto ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>{n} photos failed</source>
        <translation>{n} Fotos sind fehlgeschlagen</translation>
    </message>
    <message>
        <source>All other photos were restored. Nothing was lost.</source>
        <translation>Alle anderen Fotos wurden restauriert. Nichts ging verloren.</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Try these again</source>
        <translation>Diese wiederholen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>FilmFeed</name>
    <message>
        <source>{} MP/s</source>
        <translation>{} MP/s</translation>
    </message>
</context>
<context>
    <name>FilmState</name>
    <message>
        <source>Open</source>
        <translation>Geöffnet</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Needs a look</source>
        <translation>Bitte ansehen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Add photos (Ctrl+O)</source>
        <translation>Fotos hinzufügen (Strg+O)</translation>
    </message>
    <message>
        <source>Add photos</source>
        <translation>Fotos hinzufügen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show only photos in one state</source>
        <translation>Nur Fotos in einem Zustand zeigen</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>{shown} of {total} photos</source>
        <translation>{shown} von {total} Fotos</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>{n} photos</source>
        <translation>{n} Fotos</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Copy settings</source>
        <translation>Einstellungen kopieren</translation>
    </message>
    <message>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <source>Pages of the manual</source>
        <translation>Seiten des Handbuchs</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
</context>
<context>
    <name>HistogramPanel</name>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Before: thin line. After: filled.</source>
        <translation>Vorher: dünne Linie. Nachher: gefüllt.</translation>
    </message>
    <message>
        <source>No photo</source>
        <translation>Kein Foto</translation>
    </message>
    <message>
        <source>Black: %1 % of the photo. White: %2 %.</source>
        <translation>Schwarz: %1 % des Fotos. Weiß: %2 %.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Save what is shown as a new file (Ctrl+E)</source>
        <translation>Was zu sehen ist, als neue Datei sichern (Strg+E)</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open photos…</source>
        <translation>Fotos öffnen …</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <source>Paste photos</source>
        <translation>Fotos einfügen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Export all…</source>
        <translation>Alle exportieren …</translation>
    </message>
    <message>
        <source>Watch a folder…</source>
        <translation>Einen Ordner überwachen …</translation>
    </message>
    <message>
        <source>Close photo</source>
        <translation>Foto schließen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Copy settings</source>
        <translation>Einstellungen kopieren</translation>
    </message>
    <message>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <source>Reset all sliders</source>
        <translation>Alle Regler zurückstellen</translation>
    </message>
    <message>
        <source>Save as preset…</source>
        <translation>Als Vorgabe speichern …</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>&amp;Foto</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Stop restoring</source>
        <translation>Restaurieren abbrechen</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Hide or show panels</source>
        <translation>Seitenleisten ein- und ausblenden</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Go to the presets</source>
        <translation>Zu den Vorgaben</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Middle gray</source>
        <translation>Mittelgrau</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>&amp;Queue</source>
        <translation>&amp;Reihe</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Anhalten oder weiter</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Retry what failed</source>
        <translation>Fehlgeschlagene wiederholen</translation>
    </message>
    <message>
        <source>What failed, and why…</source>
        <translation>Was fehlschlug, und warum …</translation>
    </message>
    <message>
        <source>Forget what is done</source>
        <translation>Fertige vergessen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>About Restorer</source>
        <translation>Über Restorer</translation>
    </message>
</context>
<context>
    <name>PanelFeed</name>
    <message>
        <source>1 face found</source>
        <translation>1 Gesicht gefunden</translation>
    </message>
    <message>
        <source>{} faces found</source>
        <translation>{} Gesichter gefunden</translation>
    </message>
    <message>
        <source>No faces found</source>
        <translation>Keine Gesichter gefunden</translation>
    </message>
    <message>
        <source>Left as it is. {}</source>
        <translation>Bleibt, wie es ist. {}</translation>
    </message>
</context>
<context>
    <name>Preset</name>
    <message>
        <source>Auto</source>
        <translation>Automatik</translation>
    </message>
    <message>
        <source>Clean up JPEG</source>
        <translation>JPEG bereinigen</translation>
    </message>
    <message>
        <source>Removes blocks and ringing from compressed or often re-saved pictures.</source>
        <translation>Entfernt Blöcke und Säume aus stark komprimierten oder oft gespeicherten Bildern.</translation>
    </message>
    <message>
        <source>Looks at the photo and picks preset and strength; leaves good photos alone.</source>
        <translation>Sieht sich das Foto an und wählt Vorgabe und Stärke; gute Fotos lässt sie in Ruhe.</translation>
    </message>
    <message>
        <source>Deblur</source>
        <translation>Schärfen</translation>
    </message>
    <message>
        <source>Sharpens missed focus and light camera shake.</source>
        <translation>Schärft verfehlten Fokus und leichtes Verwackeln.</translation>
    </message>
    <message>
        <source>it gains next to nothing on strong camera shake, and leaves motion blur.</source>
        <translation>Sie gewinnt bei starkem Verwackeln fast nichts und lässt Bewegungsunschärfe stehen.</translation>
    </message>
    <message>
        <source>Dehaze</source>
        <translation>Ohne Dunst</translation>
    </message>
    <message>
        <source>Takes haze, mist and smog out of landscapes and brings the colours back.</source>
        <translation>Nimmt Dunst, Nebel und Smog aus Landschaften und bringt die Farben zurück.</translation>
    </message>
    <message>
        <source>it takes too little out of dense haze, blurs what lies behind it, and is uneven on large hillsides.</source>
        <translation>Sie nimmt zu wenig von dichtem Dunst, verwischt, was dahinter liegt, und ist an großen Hängen ungleichmäßig.</translation>
    </message>
    <message>
        <source>Denoise</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>Removes camera noise and grain and keeps fine detail; for high ISO and small sensors.</source>
        <translation>Entfernt Kamerarauschen und Korn und erhält feine Details; für hohe ISO-Werte und kleine Sensoren.</translation>
    </message>
    <message>
        <source>Remove rain</source>
        <translation>Ohne Regen</translation>
    </message>
    <message>
        <source>Removes rain streaks.</source>
        <translation>Entfernt Regenstreifen.</translation>
    </message>
    <message>
        <source>Remove snow</source>
        <translation>Ohne Schnee</translation>
    </message>
    <message>
        <source>Removes falling snow.</source>
        <translation>Entfernt fallenden Schnee.</translation>
    </message>
    <message>
        <source>Brighten</source>
        <translation>Aufhellen</translation>
    </message>
    <message>
        <source>Lifts underexposed photos and removes the noise that shows up with it.</source>
        <translation>Hellt unterbelichtete Fotos auf und entfernt das Rauschen, das dabei sichtbar wird.</translation>
    </message>
    <message>
        <source>its brightness is a guess that a gamma slider set by eye can beat, and dark colours turn gray.</source>
        <translation>die Helligkeit ist geschätzt; ein Gammaregler nach Augenmaß kann besser sein, und dunkle Farben werden grau.</translation>
    </message>
    <message>
        <source>Old photo</source>
        <translation>Altes Foto</translation>
    </message>
    <message>
        <source>Finds scratches and dust on scanned prints, fills them, and revives faded colours.</source>
        <translation>Findet Kratzer und Staub auf gescannten Abzügen, füllt sie und frischt verblasste Farben auf.</translation>
    </message>
    <message>
        <source>it fills thin scratches and dust, but misses four in ten and all wide tears, and hardly corrects fading.</source>
        <translation>Sie füllt dünne Kratzer und Staub, übersieht aber vier von zehn und alle breiten Risse und korrigiert Verblassen kaum.</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Makes a small picture two or four times as large with crisp edges.</source>
        <translation>Macht ein kleines Bild zwei- oder viermal so groß, mit scharfen Kanten.</translation>
    </message>
</context>
<context>
    <name>PresetCard</name>
    <message>
        <source>Experimental: {note}</source>
        <translation>Experimentell: {note}</translation>
    </message>
    <message>
        <source>experimental</source>
        <translation>experimentell</translation>
    </message>
</context>
<context>
    <name>PresetCards</name>
    <message>
        <source>Presets</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>Clean up</source>
        <translation>Bereinigen</translation>
    </message>
    <message>
        <source>Sharpen and enlarge</source>
        <translation>Schärfen und vergrößern</translation>
    </message>
    <message>
        <source>Light and weather</source>
        <translation>Licht und Wetter</translation>
    </message>
    <message>
        <source>Old photographs</source>
        <translation>Alte Fotografien</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Weitere</translation>
    </message>
    <message>
        <source>My presets</source>
        <translation>Meine Vorgaben</translation>
    </message>
    <message>
        <source>Delete this preset</source>
        <translation>Diese Vorgabe löschen</translation>
    </message>
</context>
<context>
    <name>QueueBar</name>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>{done} of {total} photos</source>
        <translation>{done} von {total} Fotos</translation>
    </message>
    <message>
        <source>The queue is empty</source>
        <translation>Die Reihe ist leer</translation>
    </message>
    <message>
        <source>Progress of this photo</source>
        <translation>Fortschritt dieses Fotos</translation>
    </message>
    <message>
        <source>Progress of all photos</source>
        <translation>Fortschritt aller Fotos</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Go on with the next photo</source>
        <translation>Mit dem nächsten Foto weitermachen</translation>
    </message>
    <message>
        <source>Stop after the photo in work</source>
        <translation>Nach dem laufenden Foto anhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop now; photos that are done stay done</source>
        <translation>Jetzt aufhören; fertige Fotos bleiben fertig</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>1 failed</source>
        <translation>1 fehlgeschlagen</translation>
    </message>
    <message>
        <source>{n} failed</source>
        <translation>{n} fehlgeschlagen</translation>
    </message>
    <message>
        <source>Say which photos failed, and why</source>
        <translation>Sagt, welche Fotos fehlschlugen und warum</translation>
    </message>
</context>
<context>
    <name>Readout</name>
    <message>
        <source>Values under the pointer</source>
        <translation>Werte unter dem Zeiger</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Red, green and blue in sRGB, 0 to %1</source>
        <translation>Rot, Grün und Blau in sRGB, 0 bis %1</translation>
    </message>
    <message>
        <source>▲ clipped</source>
        <translation>▲ beschnitten</translation>
    </message>
    <message>
        <source>▼ clipped</source>
        <translation>▼ beschnitten</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Restauriert</translation>
    </message>
    <message>
        <source>Restore this photo (Ctrl+Return)</source>
        <translation>Dieses Foto restaurieren (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>What is shown is the result of these settings</source>
        <translation>Gezeigt wird das Ergebnis dieser Einstellungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop this run; nothing is left behind (Esc)</source>
        <translation>Diesen Lauf abbrechen; nichts bleibt zurück (Esc)</translation>
    </message>
    <message>
        <source>Progress of this run</source>
        <translation>Fortschritt dieses Laufs</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Neutral greys around the photo, so that no colour of the window misleads the eye.</source>
        <translation>Neutrales Grau um das Foto, damit keine Farbe des Fensters das Auge täuscht.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Mid grey</source>
        <translation>Mittelgrau</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Size of texts and buttons</source>
        <translation>Größe von Text und Knöpfen</translation>
    </message>
    <message>
        <source>Photos are not affected: 100 % stays one photo pixel per screen pixel.</source>
        <translation>Fotos betrifft das nicht: 100 % bleibt ein Pixel des Fotos auf einem Pixel des Bildschirms.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation>Wechselt sofort.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>Nothing slides or pulses.</source>
        <translation>Nichts gleitet oder pulsiert.</translation>
    </message>
    <message>
        <source>Start maximised</source>
        <translation>Maximiert starten</translation>
    </message>
    <message>
        <source>Fill the screen at every start.</source>
        <translation>Bei jedem Start den Bildschirm füllen.</translation>
    </message>
    <message>
        <source>Profile of the screen</source>
        <translation>Profil des Bildschirms</translation>
    </message>
    <message>
        <source>The .icc file of your calibrated screen. Empty: the screen is taken as sRGB.</source>
        <translation>Die .icc-Datei Ihres kalibrierten Bildschirms. Leer: Der Bildschirm gilt als sRGB.</translation>
    </message>
    <message>
        <source>Restore at once</source>
        <translation>Sofort restaurieren</translation>
    </message>
    <message>
        <source>Begin with the chosen preset as soon as a photo is opened.</source>
        <translation>Mit der gewählten Vorgabe beginnen, sobald ein Foto geöffnet ist.</translation>
    </message>
    <message>
        <source>Ask before removing</source>
        <translation>Vor dem Entfernen fragen</translation>
    </message>
    <message>
        <source>Ask before photos are taken off the list.</source>
        <translation>Fragen, bevor Fotos aus der Liste genommen werden.</translation>
    </message>
    <message>
        <source>Ask before quitting</source>
        <translation>Vor dem Beenden fragen</translation>
    </message>
    <message>
        <source>Ask when photos are still being restored.</source>
        <translation>Fragen, wenn noch Fotos restauriert werden.</translation>
    </message>
    <message>
        <source>Go on after an interruption</source>
        <translation>Nach einer Unterbrechung weitermachen</translation>
    </message>
    <message>
        <source>Photos that were left undone, by a crash or a power cut, are taken up at the start.</source>
        <translation>Fotos, die nach Absturz oder Stromausfall liegen blieben, werden beim Start wieder aufgenommen.</translation>
    </message>
    <message>
        <source>Disk space for results (GB)</source>
        <translation>Speicherplatz für Ergebnisse (GB)</translation>
    </message>
    <message>
        <source>Results are kept while the program runs, so that you can flip between them.</source>
        <translation>Ergebnisse bleiben erhalten, solange das Programm läuft, damit Sie zwischen ihnen wechseln können.</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>Rechnen mit</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card if there is one that can be used.</source>
        <translation>Automatisch nimmt die Grafikkarte, wenn es eine brauchbare gibt.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA card</source>
        <translation>NVIDIA-Karte</translation>
    </message>
    <message>
        <source>Apple</source>
        <translation>Apple</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <source>Move it in the filmstrip</source>
        <translation>Im Filmstreifen verschieben</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Keep, restore, erase</source>
        <translation>Behalten, restaurieren, radieren</translation>
    </message>
    <message>
        <source>Smaller or larger</source>
        <translation>Kleiner oder größer</translation>
    </message>
</context>
<context>
    <name>SpokenTime</name>
    <message>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <source>{} h {} min</source>
        <translation>{} h {} min</translation>
    </message>
    <message>
        <source>about {}</source>
        <translation>etwa {}</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation>Wird restauriert</translation>
    </message>
    <message>
        <source>Mixing</source>
        <translation>Mischt</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Sichert</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>Korn</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <source>Damage mask</source>
        <translation>Schadensmaske</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alles zurücksetzen</translation>
    </message>
    <message>
        <source>Variant {}</source>
        <translation>Variante {}</translation>
    </message>
    <message>
        <source>Paste settings to {}</source>
        <translation>Einstellungen auf {} einfügen</translation>
    </message>
</context>
<context>
    <name>ViewBar</name>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Split: drag the line across the picture</source>
        <translation>Teilung: die Linie über das Bild ziehen</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>One above the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <source>Result alone; hold Space for the original</source>
        <translation>Nur das Ergebnis; Leertaste halten für das Original</translation>
    </message>
    <message>
        <source>Difference between before and after</source>
        <translation>Unterschied zwischen vorher und nachher</translation>
    </message>
    <message>
        <source>Show what the source does not support</source>
        <translation>Zeigen, was die Vorlage nicht belegt</translation>
    </message>
    <message>
        <source>Loupe</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <source>100 %: one pixel of the photo to one of the screen</source>
        <translation>100 %: ein Pixel des Fotos auf einem des Bildschirms</translation>
    </message>
    <message>
        <source>Size on screen</source>
        <translation>Größe auf dem Bildschirm</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Watch a folder</source>
        <translation>Einen Ordner überwachen</translation>
    </message>
</context>
</TS>
