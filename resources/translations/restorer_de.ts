<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="37"/>
        <source>About Restorer</source>
        <translation>Über Restorer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="39"/>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="41"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="43"/>
        <source>Restores photographs on your own computer.</source>
        <translation>Restauriert Fotos auf Ihrem eigenen Computer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="48"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="49"/>
        <source>Open log folder</source>
        <translation>Ordner mit dem Protokoll öffnen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="50"/>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/about.py" line="51"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Adjustments</name>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="173"/>
        <source>Double-click the name, or press Delete, to reset.</source>
        <translation>Doppelklick auf den Namen oder die Entf-Taste stellt zurück.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="176"/>
        <source>Mix</source>
        <translation>Mischung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="179"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="180"/>
        <source>Scratches and dust</source>
        <translation>Kratzer und Staub</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="177"/>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="178"/>
        <source>Needs a new run</source>
        <translation>Braucht einen neuen Lauf</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="178"/>
        <source>A change here shows after the next run.</source>
        <translation>Eine Änderung hier zeigt sich nach dem nächsten Lauf.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="183"/>
        <source>Same size</source>
        <translation>Gleiche Größe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="183"/>
        <source>{n} times as large</source>
        <translation>{n}-mal so groß</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="196"/>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="197"/>
        <source>How much of the whole change is kept. At 0 % the original shows.</source>
        <translation>Wie viel der ganzen Änderung bleibt. Bei 0 % ist das Original zu sehen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="200"/>
        <source>Detail</source>
        <translation>Details</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="201"/>
        <source>How much of the change in fine texture is kept.</source>
        <translation>Wie viel der Änderung in feinen Strukturen bleibt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="204"/>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="205"/>
        <source>How much of the change in colour is kept; brightness is not touched.</source>
        <translation>Wie viel der Farbänderung bleibt; die Helligkeit bleibt unberührt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="208"/>
        <source>Grain</source>
        <translation>Korn</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="209"/>
        <source>Gives back some of the fine noise that was taken away.</source>
        <translation>Gibt etwas vom feinen Rauschen zurück, das entfernt wurde.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="212"/>
        <source>Face protection</source>
        <translation>Gesichtsschutz</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="213"/>
        <source>Keeps faces as they were. At 100 % they stay the original&apos;s.</source>
        <translation>Lässt Gesichter, wie sie waren. Bei 100 % bleiben sie die des Originals.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="216"/>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/adjustments.py" line="218"/>
        <source>How readily a line or a speck is taken for damage. More where scratches stay, less where wires or lashes go.</source>
        <translation>Wie leicht ein Strich oder Fleck für einen Schaden gehalten wird. Höher, wo Kratzer bleiben, niedriger, wo Drähte oder Wimpern verschwinden.</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <location filename="../../restorer_app/gui/app.py" line="66"/>
        <source>Restorer cannot keep its files: {}</source>
        <translation>Restorer kann seine Dateien nicht ablegen: {}</translation>
    </message>
</context>
<context>
    <name>BrushRow</name>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="77"/>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="77"/>
        <source>Paint where the original shall stay (K)</source>
        <translation>Malen, wo das Original bleiben soll (K)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="79"/>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="80"/>
        <source>Paint where the full restoration shall show (R)</source>
        <translation>Malen, wo die volle Restaurierung zu sehen sein soll (R)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="82"/>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="82"/>
        <source>Take painted places away again (E)</source>
        <translation>Gemalte Stellen wieder wegnehmen (E)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="90"/>
        <source>Take all painted places away</source>
        <translation>Alle gemalten Stellen wegnehmen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="91"/>
        <source>Clear the brush marks</source>
        <translation>Pinselspuren löschen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="92"/>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="93"/>
        <source>Brush size in pixels of the photo ([ and ])</source>
        <translation>Pinselgröße in Pixeln des Fotos ([ und ])</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="94"/>
        <location filename="../../restorer_app/gui/panel/brush_row.py" line="119"/>
        <source>Size {size} px</source>
        <translation>Größe {size} px</translation>
    </message>
</context>
<context>
    <name>Chores</name>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="63"/>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="68"/>
        <source>Open a folder of photos</source>
        <translation>Einen Ordner mit Fotos öffnen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="97"/>
        <location filename="../../restorer_app/gui/chores.py" line="105"/>
        <source>Save as preset</source>
        <translation>Als Vorgabe speichern</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="97"/>
        <source>Name of the preset:</source>
        <translation>Name der Vorgabe:</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="110"/>
        <source>Delete the preset “{}”? It cannot be brought back.</source>
        <translation>Die Vorgabe „{}“ löschen? Sie lässt sich nicht zurückholen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="111"/>
        <location filename="../../restorer_app/gui/chores.py" line="117"/>
        <source>Delete preset</source>
        <translation>Vorgabe löschen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="128"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="129"/>
        <source>Models…</source>
        <translation>Modelle…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="138"/>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="155"/>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="176"/>
        <source>Connections this session</source>
        <translation>Verbindungen dieser Sitzung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="179"/>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="189"/>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="199"/>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="201"/>
        <source>Restorer has opened {} connections to other computers since it was started. It counts what its own processes ask the system for. Your photos are never sent anywhere.</source>
        <translation>Restorer hat seit dem Start {} Verbindungen zu anderen Computern geöffnet. Gezählt wird, worum die eigenen Prozesse das System bitten. Ihre Fotos werden nirgendwohin gesendet.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="210"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="211"/>
        <source>Take {} photos off the list? The files stay where they are.</source>
        <translation>{} Fotos von der Liste nehmen? Die Dateien bleiben, wo sie sind.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="218"/>
        <source>1 photo is still to be restored. It goes on when Restorer starts again. Quit now?</source>
        <translation>1 Foto ist noch nicht restauriert. Es geht beim nächsten Start von Restorer weiter. Jetzt beenden?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="222"/>
        <source>{} photos are still to be restored. They go on when Restorer starts again. Quit now?</source>
        <translation>{} Fotos sind noch nicht restauriert. Nach dem nächsten Start geht es mit ihnen weiter. Jetzt beenden?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="225"/>
        <location filename="../../restorer_app/gui/chores.py" line="230"/>
        <location filename="../../restorer_app/gui/chores.py" line="240"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="232"/>
        <source>{} is still on its way. What has come stays here, and the download can go on later, on the page of models. Quit now?</source>
        <translation>{} ist noch unterwegs. Was schon da ist, bleibt, und der Download kann später auf der Seite der Modelle weitergehen. Jetzt beenden?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="242"/>
        <source>The training “{}” is running. What was learned is kept, and it can go on later, on the page of trainings. Quit now?</source>
        <translation>Das Training „{}“ läuft. Was gelernt ist, bleibt erhalten, und es kann später auf der Seite der Trainings weitergehen. Jetzt beenden?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="254"/>
        <source>1 photo was not finished when Restorer ended. Go on with it?</source>
        <translation>1 Foto war nicht fertig, als Restorer endete. Damit weitermachen?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="257"/>
        <source>{} photos were not finished when Restorer ended. Go on with them?</source>
        <translation>{} Fotos waren nicht fertig, als Restorer endete. Damit weitermachen?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/chores.py" line="259"/>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <location filename="../../restorer_app/gui/commands.py" line="55"/>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/commands.py" line="55"/>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/commands.py" line="65"/>
        <source>Watch a folder…</source>
        <translation>Einen Ordner überwachen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/commands.py" line="66"/>
        <source>Stop watching “{}”</source>
        <translation>„{}“ nicht mehr überwachen</translation>
    </message>
</context>
<context>
    <name>CompareCanvas</name>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_canvas.py" line="266"/>
        <source>Comparison of before and after</source>
        <translation>Vergleich von vorher und nachher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_canvas.py" line="274"/>
        <source>No photo</source>
        <translation>Kein Foto</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="27"/>
        <source>Difference × %1</source>
        <translation>Unterschied × %1</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="31"/>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="33"/>
        <source>After · %1</source>
        <translation>Nachher · %1</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="35"/>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="54"/>
        <source>zoom %1 %</source>
        <translation>Zoom %1 %</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="60"/>
        <source>divider at %1 %</source>
        <translation>Teilung bei %1 %</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="70"/>
        <source>Split</source>
        <translation>Geteilt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="71"/>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="73"/>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="72"/>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="74"/>
        <source>One above the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="73"/>
        <source>Single</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/captions.py" line="74"/>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="76"/>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="64"/>
        <source>Original while held; a tap leaves it on (Space too)</source>
        <translation>Original, solange gehalten; kurz getippt bleibt es (auch Leertaste)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="70"/>
        <source>Show a result; 0 shows the original</source>
        <translation>Ein Ergebnis zeigen; 0 zeigt das Original</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="72"/>
        <source>Split with a divider</source>
        <translation>Geteilt durch eine Linie</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="75"/>
        <source>One picture alone</source>
        <translation>Ein Bild allein</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="77"/>
        <source>Map of what was added</source>
        <translation>Karte des Hinzugefügten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="78"/>
        <source>Turn the divider</source>
        <translation>Die Teilungslinie drehen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="81"/>
        <source>Move the divider by 1 % (Shift: 10 %)</source>
        <translation>Die Teilungslinie um 1 % bewegen (Umschalt: 10 %)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="83"/>
        <source>Move the photo</source>
        <translation>Das Foto verschieben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="84"/>
        <source>Whole photo or 100 %</source>
        <translation>Ganzes Foto oder 100 %</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="85"/>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="86"/>
        <source>100 %, 200 %, 400 %</source>
        <translation>100 %, 200 %, 400 %</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="87"/>
        <source>Zoom in and out (wheel too)</source>
        <translation>Vergrößern und verkleinern (auch mit dem Rad)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/compare_keys.py" line="89"/>
        <source>Loupe; the wheel makes it stronger</source>
        <translation>Lupe; das Rad macht sie stärker</translation>
    </message>
</context>
<context>
    <name>ConnectionLabel</name>
    <message>
        <location filename="../../restorer_app/gui/pages/connections.py" line="33"/>
        <source>1 connection this session</source>
        <translation>1 Verbindung in dieser Sitzung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/connections.py" line="35"/>
        <source>{n} connections this session</source>
        <translation>{n} Verbindungen in dieser Sitzung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/connections.py" line="38"/>
        <source>Counted while the program runs. Photos never leave this computer.</source>
        <translation>Gezählt, während das Programm läuft. Fotos verlassen diesen Computer nie.</translation>
    </message>
</context>
<context>
    <name>Darkroom</name>
    <message>
        <location filename="../../restorer_app/gui/darkroom/darkroom.py" line="166"/>
        <source>Opening {}…</source>
        <translation>{} wird geöffnet …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/darkroom/darkroom.py" line="187"/>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/darkroom/darkroom.py" line="221"/>
        <source>{}: draft</source>
        <translation>{}: Entwurf</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="78"/>
        <source>Let go to open</source>
        <translation>Loslassen zum Öffnen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="78"/>
        <source>Drop photos here</source>
        <translation>Fotos hierher ziehen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="80"/>
        <source>Photos or whole folders. Your files are never changed.</source>
        <translation>Fotos oder ganze Ordner. Ihre Dateien werden nie verändert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="81"/>
        <source>Open photos…</source>
        <translation>Fotos öffnen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="82"/>
        <source>Choose photos (Ctrl+O)</source>
        <translation>Fotos wählen (Strg+O)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="83"/>
        <source>Open a folder…</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="84"/>
        <source>Choose a folder of photos (Ctrl+Shift+O)</source>
        <translation>Einen Ordner mit Fotos wählen (Strg+Umschalt+O)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="85"/>
        <source>Try a sample</source>
        <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="86"/>
        <source>See what the program does, on a photo of its own</source>
        <translation>An einem mitgelieferten Foto sehen, was das Programm tut</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="87"/>
        <source>Everything happens on this computer.</source>
        <translation>Alles geschieht auf diesem Computer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/empty_state.py" line="88"/>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="81"/>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="82"/>
        <source>Make the same folders there</source>
        <translation>Dort die gleichen Ordner anlegen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="92"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="94"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="163"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="95"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="166"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="96"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="170"/>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="97"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="172"/>
        <source>Bit depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="98"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="173"/>
        <source>Colour profile</source>
        <translation>Farbprofil</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="99"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="174"/>
        <source>Information in the file</source>
        <translation>Angaben in der Datei</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="100"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="168"/>
        <source>If a file is there</source>
        <translation>Wenn es die Datei gibt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="101"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="171"/>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="105"/>
        <source>Beside each photo</source>
        <translation>Neben jedem Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="107"/>
        <source>{name}, {preset}, {date}, {n} and {scale} are filled in for each photo.</source>
        <translation>{name}, {preset}, {date}, {n} und {scale} werden für jedes Foto eingesetzt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="111"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="148"/>
        <source>As the photo</source>
        <translation>Wie das Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="114"/>
        <source>Keep the photo&apos;s</source>
        <translation>Das des Fotos behalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="114"/>
        <source>sRGB, for the web</source>
        <translation>sRGB, für das Web</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="117"/>
        <source>Keep all</source>
        <translation>Alle behalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="118"/>
        <source>All but the place</source>
        <translation>Alle außer dem Ort</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="119"/>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="123"/>
        <source>Number the new one</source>
        <translation>Die neue nummerieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="124"/>
        <source>Skip the photo</source>
        <translation>Das Foto überspringen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="125"/>
        <source>Replace it (never a source)</source>
        <translation>Ersetzen (nie ein Original)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="150"/>
        <source>{n} bits per colour</source>
        <translation>{n} Bit pro Farbe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="157"/>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="209"/>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="158"/>
        <source>Export 1 photo</source>
        <translation>1 Foto exportieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="158"/>
        <source>Export {n} photos</source>
        <translation>{n} Fotos exportieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="214"/>
        <source>For example {name}</source>
        <translation>Zum Beispiel {name}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/export_dialog.py" line="220"/>
        <source>Where to put the restored photos</source>
        <translation>Wohin mit den restaurierten Fotos</translation>
    </message>
</context>
<context>
    <name>ExportFlow</name>
    <message>
        <location filename="../../restorer_app/gui/export_flow.py" line="100"/>
        <location filename="../../restorer_app/gui/export_flow.py" line="119"/>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/export_flow.py" line="117"/>
        <source>and {} more</source>
        <translation>und {} weitere</translation>
    </message>
</context>
<context>
    <name>FailureReport</name>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="40"/>
        <source>Photos that failed</source>
        <translation>Fehlgeschlagene Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="42"/>
        <source>1 photo failed</source>
        <translation>1 Foto ist fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="42"/>
        <source>{n} photos failed</source>
        <translation>{n} Fotos sind fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="44"/>
        <source>The other photos are not affected, and no file was changed.</source>
        <translation>Die übrigen Fotos betrifft das nicht, und keine Datei wurde verändert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="69"/>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="70"/>
        <source>Try these again</source>
        <translation>Diese wiederholen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/failure_report.py" line="71"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>FilmFeed</name>
    <message>
        <location filename="../../restorer_app/gui/film/film_feed.py" line="181"/>
        <source>{} MP/s</source>
        <translation>{} MP/s</translation>
    </message>
</context>
<context>
    <name>FilmState</name>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="168"/>
        <source>Open</source>
        <translation>Geöffnet</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="169"/>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="170"/>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="171"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="172"/>
        <source>Needs a look</source>
        <translation>Bitte ansehen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="173"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/film_model.py" line="174"/>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="120"/>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="121"/>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="122"/>
        <source>Add photos (Ctrl+O)</source>
        <translation>Fotos hinzufügen (Strg+O)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="123"/>
        <source>Add photos</source>
        <translation>Fotos hinzufügen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="124"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="125"/>
        <source>Show only photos in one state</source>
        <translation>Nur Fotos in einem Zustand zeigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="195"/>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="204"/>
        <source>{shown} of {total} photos</source>
        <translation>{shown} von {total} Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="206"/>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="206"/>
        <source>{n} photos</source>
        <translation>{n} Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="246"/>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="247"/>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="248"/>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="251"/>
        <source>Copy settings</source>
        <translation>Einstellungen kopieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="253"/>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="256"/>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/filmstrip.py" line="257"/>
        <source>Remove from list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <location filename="../../restorer_app/gui/pages/help_page.py" line="89"/>
        <source>Pages of the manual</source>
        <translation>Seiten des Handbuchs</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/help_page.py" line="90"/>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
</context>
<context>
    <name>HistogramPanel</name>
    <message>
        <location filename="../../restorer_app/gui/compare/histogram.py" line="123"/>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/histogram.py" line="124"/>
        <source>Before: thin line. After: filled.</source>
        <translation>Vorher: dünne Linie. Nachher: gefüllt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/histogram.py" line="127"/>
        <source>No photo</source>
        <translation>Kein Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/histogram.py" line="129"/>
        <source>Black: %1 % of the photo. White: %2 %.</source>
        <translation>Schwarz: %1 % des Fotos. Weiß: %2 %.</translation>
    </message>
</context>
<context>
    <name>LicencesPage</name>
    <message>
        <location filename="../../restorer_app/gui/pages/licences_page.py" line="23"/>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/licences_page.py" line="31"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
</context>
<context>
    <name>LossCurve</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/loss_curve.py" line="107"/>
        <source>Loss</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/loss_curve.py" line="109"/>
        <source>How wrong the adapter still is, over the whole training. Lower is better.</source>
        <translation>Wie falsch der Adapter noch liegt, über das ganze Training. Niedriger ist besser.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/loss_curve.py" line="112"/>
        <source>There are no losses yet.</source>
        <translation>Es gibt noch keine Werte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/loss_curve.py" line="115"/>
        <source>From {first} to {last} after {done} of the training.</source>
        <translation>Von {first} auf {last} nach {done} des Trainings.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../../restorer_app/gui/window.py" line="222"/>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/window.py" line="223"/>
        <source>Save what is shown as a new file (Ctrl+E)</source>
        <translation>Was zu sehen ist, als neue Datei sichern (Strg+E)</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="28"/>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="30"/>
        <source>Open photos…</source>
        <translation>Fotos öffnen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="31"/>
        <source>Open folder…</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="32"/>
        <source>Paste photos</source>
        <translation>Fotos einfügen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="34"/>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="35"/>
        <source>Export all…</source>
        <translation>Alle exportieren …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="36"/>
        <source>Watch a folder…</source>
        <translation>Einen Ordner überwachen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="38"/>
        <source>Close photo</source>
        <translation>Foto schließen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="39"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="43"/>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="45"/>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="46"/>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="48"/>
        <source>Copy settings</source>
        <translation>Einstellungen kopieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="49"/>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="50"/>
        <source>Reset all sliders</source>
        <translation>Alle Regler zurückstellen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="51"/>
        <source>Save as preset…</source>
        <translation>Als Vorgabe speichern …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="53"/>
        <source>Models…</source>
        <translation>Modelle…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="54"/>
        <source>Train an adapter…</source>
        <translation>Einen Adapter trainieren…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="55"/>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="59"/>
        <source>&amp;Photo</source>
        <translation>&amp;Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="61"/>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="62"/>
        <source>Stop restoring</source>
        <translation>Restaurieren abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="64"/>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="65"/>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="69"/>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="71"/>
        <source>Hide or show panels</source>
        <translation>Seitenleisten ein- und ausblenden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="72"/>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="73"/>
        <source>Go to the presets</source>
        <translation>Zu den Vorgaben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="75"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="76"/>
        <source>Middle gray</source>
        <translation>Mittelgrau</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="77"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="81"/>
        <source>&amp;Queue</source>
        <translation>&amp;Reihe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="83"/>
        <source>Pause or go on</source>
        <translation>Anhalten oder weiter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="84"/>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="85"/>
        <source>Retry what failed</source>
        <translation>Fehlgeschlagene wiederholen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="86"/>
        <source>What failed, and why…</source>
        <translation>Was fehlschlug, und warum …</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="87"/>
        <source>Forget what is done</source>
        <translation>Fertige vergessen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="91"/>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="93"/>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="94"/>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/menus.py" line="95"/>
        <source>About Restorer</source>
        <translation>Über Restorer</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="101"/>
        <source>{}: get it…</source>
        <translation>{}: holen…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="117"/>
        <source>{adapter} (yours, {model})</source>
        <translation>{adapter} (eigener, {model})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="120"/>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="121"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="122"/>
        <source>What the photo is restored with. A change shows after the next run.</source>
        <translation>Womit das Foto restauriert wird. Eine Änderung zeigt sich nach dem nächsten Lauf.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="125"/>
        <source>This model is not on this computer.</source>
        <translation>Dieses Modell ist nicht auf diesem Computer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="130"/>
        <source>Models…</source>
        <translation>Modelle…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="131"/>
        <source>The page of models</source>
        <translation>Die Seite der Modelle</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="130"/>
        <source>Get it…</source>
        <translation>Holen…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_choice.py" line="135"/>
        <source>{} (built in)</source>
        <translation>{} (eingebaut)</translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="120"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="121"/>
        <source>May I sell the picture?</source>
        <translation>Darf ich das Bild verkaufen?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="122"/>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="123"/>
        <source>Needs</source>
        <translation>Braucht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="124"/>
        <source>Room</source>
        <translation>Platz</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="131"/>
        <source>Precision of {}</source>
        <translation>Genauigkeit von {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="132"/>
        <source>Read it</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="134"/>
        <source>Read the licence of {}</source>
        <translation>Die Lizenz von {} lesen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_facts.py" line="139"/>
        <source>Nothing more than the program itself.</source>
        <translation>Nicht mehr als das Programm selbst.</translation>
    </message>
</context>
<context>
    <name>ModelFlow</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="140"/>
        <source>Import {} from a folder</source>
        <translation>{} aus einem Ordner übernehmen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="147"/>
        <source>Remove {} from this computer? It can be downloaded again.</source>
        <translation>{} von diesem Computer entfernen? Es kann wieder heruntergeladen werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="150"/>
        <source>Remove {} from this computer? {} become free; it can be downloaded again.</source>
        <translation>{} von diesem Computer entfernen? {} werden frei; es kann wieder heruntergeladen werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="153"/>
        <source>Remove a model</source>
        <translation>Ein Modell entfernen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="166"/>
        <source>The token is kept.</source>
        <translation>Das Token wird aufbewahrt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_flow.py" line="166"/>
        <source>The token is forgotten.</source>
        <translation>Das Token ist vergessen.</translation>
    </message>
</context>
<context>
    <name>ModelMark</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_mark.py" line="50"/>
        <source>{} was not fetched</source>
        <translation>{} wurde nicht geholt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_mark.py" line="53"/>
        <source>{text}, {count} more</source>
        <translation>{text}, {count} weitere</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_mark.py" line="56"/>
        <source>Opens the page of models</source>
        <translation>Öffnet die Seite der Modelle</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="166"/>
        <source>I have read the licence and accept it</source>
        <translation>Ich habe die Lizenz gelesen und nehme sie an</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="172"/>
        <source>The owner gives these files to those who have accepted the licence on the model&apos;s page and show a token. Keep yours below.</source>
        <translation>Der Eigentümer gibt diese Dateien an Leute, die die Lizenz auf der Seite des Modells angenommen haben und ein Token zeigen. Tragen Sie Ihres unten ein.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="185"/>
        <source>Progress of {}</source>
        <translation>Fortschritt von {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="229"/>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="231"/>
        <source>Download {}</source>
        <translation>Herunterladen ({})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="231"/>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="233"/>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="234"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="235"/>
        <source>Used for this photo</source>
        <translation>Für dieses Foto gewählt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="235"/>
        <source>Use for this photo</source>
        <translation>Für dieses Foto wählen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="236"/>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="237"/>
        <source>Import from a folder…</source>
        <translation>Aus einem Ordner übernehmen…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_panel.py" line="238"/>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="32"/>
        <source>12 billion parameters, four steps or fewer. The default.</source>
        <translation>12 Milliarden Parameter, höchstens vier Schritte. Das übliche.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="33"/>
        <source>The base of nearly all public adapters; 20 steps and more.</source>
        <translation>Die Grundlage fast aller öffentlichen Adapter; 20 Schritte und mehr.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="34"/>
        <source>Restores by instruction, with the photo as reference; no adapter needed.</source>
        <translation>Restauriert nach Anweisung, mit dem Foto als Vorlage; braucht keinen Adapter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="37"/>
        <source>A descendant of schnell with its modulation pruned; 26 steps and more.</source>
        <translation>Ein Abkömmling von schnell mit gekürzter Modulation; 26 Schritte und mehr.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="40"/>
        <source>9 million parameters, trained by us: the whole path of the large ones, on any processor.</source>
        <translation>9 Millionen Parameter, von uns trainiert: der ganze Weg der großen, auf jedem Prozessor.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="44"/>
        <source>Yes, without asking anyone.</source>
        <translation>Ja, ohne jemanden zu fragen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="45"/>
        <source>Read the licence: the model itself and adapters trained on it must not earn money.</source>
        <translation>Lesen Sie die Lizenz: Mit dem Modell selbst und mit Adaptern dazu darf kein Geld verdient werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="20"/>
        <source>Check the connection; the download goes on where it stopped.</source>
        <translation>Prüfen Sie die Verbindung; der Download geht dort weiter, wo er stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="23"/>
        <source>Try again a little later; the download goes on where it stopped.</source>
        <translation>Versuchen Sie es etwas später wieder; der Download geht dort weiter, wo er stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="26"/>
        <source>Try again; the download goes on where it stopped.</source>
        <translation>Versuchen Sie es noch einmal; der Download geht dort weiter, wo er stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="29"/>
        <source>Update the program, or fetch the file by hand and import it from its folder.</source>
        <translation>Aktualisieren Sie das Programm, oder holen Sie die Datei von Hand und übernehmen Sie sie aus ihrem Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="32"/>
        <source>Accept the licence on the model&apos;s page, and keep your token below.</source>
        <translation>Nehmen Sie die Lizenz auf der Seite des Modells an, und tragen Sie unten Ihr Token ein.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="35"/>
        <source>Remove what is here and download it again.</source>
        <translation>Entfernen Sie, was hier ist, und laden Sie es neu herunter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="36"/>
        <source>Wait until the other program is through, or end it.</source>
        <translation>Warten Sie, bis das andere Programm fertig ist, oder beenden Sie es.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="39"/>
        <source>Make room on that disk, and try again.</source>
        <translation>Schaffen Sie Platz auf der Platte, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="40"/>
        <source>Read the licence, and accept it above.</source>
        <translation>Lesen Sie die Lizenz, und nehmen Sie sie oben an.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="27"/>
        <source>6 million parameters, trained by us: paints fine texture over the draft, on any processor.</source>
        <translation>6 Millionen Parameter, von uns trainiert: malt feine Struktur über den Entwurf, auf jedem Prozessor.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="51"/>
        <source>own adapter</source>
        <translation>eigener Adapter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="86"/>
        <source>One fast step that keeps to the photo. Runs on any computer.</source>
        <translation>Ein schneller Schritt, der sich ans Foto hält. Läuft auf jedem Computer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="100"/>
        <source>{}: a free licence.</source>
        <translation>{}: eine freie Lizenz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="102"/>
        <source>{}: not a free licence. Read it first.</source>
        <translation>{}: keine freie Lizenz. Lesen Sie sie zuerst.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="112"/>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="114"/>
        <source>Built in</source>
        <translation>Eingebaut</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="116"/>
        <source>Not in this version</source>
        <translation>Nicht in dieser Version</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="118"/>
        <source>Here</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="119"/>
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="119"/>
        <source>Not here</source>
        <translation>Nicht vorhanden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="124"/>
        <source>{} on the disk</source>
        <translation>{} auf der Platte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="138"/>
        <source>over {}</source>
        <translation>über {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="144"/>
        <source>{} bit</source>
        <translation>{} Bit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="150"/>
        <source>size unknown</source>
        <translation>Größe unbekannt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="159"/>
        <source>The usual choice for this model.</source>
        <translation>Die übliche Wahl für dieses Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="160"/>
        <source>The best one that fits here.</source>
        <translation>Die beste, die hier passt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="168"/>
        <source>Runs on the processor, with {} of memory.</source>
        <translation>Läuft auf dem Prozessor, mit {} Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="170"/>
        <source>{need} of GPU memory. There is no GPU here that can be used: it runs on the processor, with {peak} of memory, and takes very long.</source>
        <translation>{need} Grafikspeicher. Hier ist keine nutzbare Grafikkarte: Es läuft auf dem Prozessor, mit {peak} Arbeitsspeicher, und dauert sehr lange.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="176"/>
        <source>{} of GPU memory.</source>
        <translation>{} Grafikspeicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="178"/>
        <source>{} does not run this precision.</source>
        <translation>{} kann diese Genauigkeit nicht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="183"/>
        <source>There is no GPU here that can be used, and {} of memory are too little.</source>
        <translation>Hier ist keine nutzbare Grafikkarte, und {} Arbeitsspeicher sind zu wenig.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="188"/>
        <source>{gpu} has {free} free: it fits.</source>
        <translation>{gpu} hat {free} frei: Es passt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="189"/>
        <source>{gpu} has {free} free: it fits in smaller tiles.</source>
        <translation>{gpu} hat {free} frei: Es passt in kleineren Kacheln.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="190"/>
        <source>{gpu} has {free} free: it runs more slowly, by turns from main memory.</source>
        <translation>{gpu} hat {free} frei: Es läuft langsamer, im Wechsel mit dem Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="193"/>
        <source>{gpu} has {free} free: it does not fit.</source>
        <translation>{gpu} hat {free} frei: Es passt nicht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="202"/>
        <source>The processor</source>
        <translation>Der Prozessor</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="203"/>
        <source>The Apple GPU</source>
        <translation>Die Apple-Grafik</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="214"/>
        <source>It follows words, which are yet to be encoded.</source>
        <translation>Es folgt Worten, die noch zu übersetzen sind.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="215"/>
        <source>It follows words. To encode them, its text encoder ({}) comes along once, works for some minutes, and is removed.</source>
        <translation>Es folgt Worten. Um sie zu übersetzen, kommt einmal sein Textkodierer ({}) mit, arbeitet einige Minuten und wird entfernt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="227"/>
        <source>This model is not on this computer.</source>
        <translation>Dieses Modell ist nicht auf diesem Computer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="231"/>
        <source>It may not run here: see what it needs.</source>
        <translation>Es läuft hier vielleicht nicht: Sehen Sie nach, was es braucht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_words.py" line="232"/>
        <source>Adds texture that was not in the photo. Slower than Lite.</source>
        <translation>Fügt Struktur hinzu, die nicht im Foto war. Langsamer als Lite.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="49"/>
        <source>Waits for the work on another model.</source>
        <translation>Wartet, bis ein anderes Modell fertig ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="51"/>
        <source>Stopping…</source>
        <translation>Hält an…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="53"/>
        <source>Removing…</source>
        <translation>Wird entfernt…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="57"/>
        <source>checking</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="59"/>
        <source>copying</source>
        <translation>wird kopiert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="61"/>
        <source>waiting for the server</source>
        <translation>wartet auf den Server</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="63"/>
        <source>encoding the words it follows</source>
        <translation>übersetzt die Worte, denen es folgt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="76"/>
        <source>{here} of {whole}</source>
        <translation>{here} von {whole}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="80"/>
        <source>{} left</source>
        <translation>noch {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="90"/>
        <source>Stopped. What has come stays here.</source>
        <translation>Angehalten. Was schon da ist, bleibt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="93"/>
        <source>Checked: every file is as it came.</source>
        <translation>Geprüft: Jede Datei ist, wie sie kam.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="97"/>
        <source>Removed; {} are free again.</source>
        <translation>Entfernt; {} sind wieder frei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/model_work_words.py" line="111"/>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="168"/>
        <source>See the page of models (Ctrl+Shift+M).</source>
        <translation>Sehen Sie auf der Seite der Modelle nach (Strg+Umschalt+M).</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="98"/>
        <location filename="../../restorer_app/gui/models/models_page.py" line="99"/>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="102"/>
        <source>Lite comes with the program and is all you need. The other models add texture that was not in the photo. Nothing is fetched unless you press Download.</source>
        <translation>Lite kommt mit dem Programm und reicht für alles. Die anderen Modelle fügen Struktur hinzu, die nicht im Foto war. Nichts wird geholt, solange Sie nicht Herunterladen drücken.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="106"/>
        <source>{} are free there.</source>
        <translation>Dort sind {} frei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="107"/>
        <source>Fetched models lie in {}.</source>
        <translation>Geholte Modelle liegen in {}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="109"/>
        <location filename="../../restorer_app/gui/models/models_page.py" line="116"/>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="112"/>
        <source>Only for models whose owners ask for one: make it on your page at the hub. It is kept in the keyring of this system, and shown to the hub alone.</source>
        <translation>Nur für Modelle, deren Eigentümer eines verlangen: Erzeugen Sie es auf Ihrer Seite beim Hub. Es wird im Schlüsselbund dieses Systems aufbewahrt und nur dem Hub gezeigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="117"/>
        <source>Paste the token here; leave empty to forget it</source>
        <translation>Token hier einfügen; leer lassen, um es zu vergessen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="118"/>
        <source>Keep</source>
        <translation>Aufbewahren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/models/models_page.py" line="119"/>
        <source>Keep the token</source>
        <translation>Das Token aufbewahren</translation>
    </message>
</context>
<context>
    <name>PanelFeed</name>
    <message>
        <location filename="../../restorer_app/gui/panel/panel_feed.py" line="76"/>
        <source>1 face found</source>
        <translation>1 Gesicht gefunden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/panel_feed.py" line="78"/>
        <source>{} faces found</source>
        <translation>{} Gesichter gefunden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/panel_feed.py" line="78"/>
        <source>No faces found</source>
        <translation>Keine Gesichter gefunden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/panel_feed.py" line="129"/>
        <source>Left as it is. {}</source>
        <translation>Bleibt, wie es ist. {}</translation>
    </message>
</context>
<context>
    <name>Preset</name>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="31"/>
        <source>Auto</source>
        <translation>Automatik</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="32"/>
        <source>Clean up JPEG</source>
        <translation>JPEG bereinigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="33"/>
        <source>Removes blocks and ringing from compressed or often re-saved pictures.</source>
        <translation>Entfernt Blöcke und Säume aus stark komprimierten oder oft gespeicherten Bildern.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="37"/>
        <source>Looks at the photo and picks preset and strength; leaves good photos alone.</source>
        <translation>Sieht sich das Foto an und wählt Vorgabe und Stärke; gute Fotos lässt sie in Ruhe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="41"/>
        <source>Deblur</source>
        <translation>Schärfen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="42"/>
        <source>Sharpens missed focus and light camera shake.</source>
        <translation>Schärft verfehlten Fokus und leichtes Verwackeln.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="43"/>
        <source>Dehaze</source>
        <translation>Ohne Dunst</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="44"/>
        <source>Takes haze, mist and smog away, brings colours back, and removes noise that shows up.</source>
        <translation>Nimmt Dunst, Nebel und Smog weg, bringt die Farben zurück und entfernt das Rauschen, das dabei sichtbar wird.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="48"/>
        <source>Denoise</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="49"/>
        <source>Removes camera noise and grain and keeps fine detail; for high ISO and small sensors.</source>
        <translation>Entfernt Kamerarauschen und Korn und erhält feine Details; für hohe ISO-Werte und kleine Sensoren.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="53"/>
        <source>Remove rain</source>
        <translation>Ohne Regen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="54"/>
        <source>Removes rain streaks.</source>
        <translation>Entfernt Regenstreifen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="55"/>
        <source>Remove snow</source>
        <translation>Ohne Schnee</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="56"/>
        <source>Removes falling snow.</source>
        <translation>Entfernt fallenden Schnee.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="57"/>
        <source>Brighten</source>
        <translation>Aufhellen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="58"/>
        <source>Lifts underexposed photos and shadows against the light and removes noise that shows up.</source>
        <translation>Hellt unterbelichtete Fotos und Schatten im Gegenlicht auf und entfernt das Rauschen, das dabei sichtbar wird.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="62"/>
        <source>Old photo</source>
        <translation>Altes Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="63"/>
        <source>Finds scratches and dust on scanned prints, fills them, and revives faded colours.</source>
        <translation>Findet Kratzer und Staub auf gescannten Abzügen, füllt sie und frischt verblasste Farben auf.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="67"/>
        <source>Enlarge</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_words.py" line="68"/>
        <source>Makes a small picture two or four times as large with crisp edges.</source>
        <translation>Macht ein kleines Bild zwei- oder viermal so groß, mit scharfen Kanten.</translation>
    </message>
</context>
<context>
    <name>PresetCard</name>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_card.py" line="59"/>
        <source>Experimental: {note}</source>
        <translation>Experimentell: {note}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_card.py" line="160"/>
        <location filename="../../restorer_app/gui/panel/preset_card.py" line="178"/>
        <source>experimental</source>
        <translation>experimentell</translation>
    </message>
</context>
<context>
    <name>PresetCards</name>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="97"/>
        <source>Presets</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="99"/>
        <source>Clean up</source>
        <translation>Bereinigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="100"/>
        <source>Sharpen and enlarge</source>
        <translation>Schärfen und vergrößern</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="101"/>
        <source>Light and weather</source>
        <translation>Licht und Wetter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="102"/>
        <source>Old photographs</source>
        <translation>Alte Fotografien</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="103"/>
        <source>More</source>
        <translation>Weitere</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="104"/>
        <source>My presets</source>
        <translation>Meine Vorgaben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/preset_cards.py" line="152"/>
        <source>Delete this preset</source>
        <translation>Diese Vorgabe löschen</translation>
    </message>
</context>
<context>
    <name>QueueBar</name>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="113"/>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="117"/>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="118"/>
        <source>{done} of {total} photos</source>
        <translation>{done} von {total} Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="119"/>
        <source>The queue is empty</source>
        <translation>Die Reihe ist leer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="122"/>
        <source>Progress of this photo</source>
        <translation>Fortschritt dieses Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="123"/>
        <source>Progress of all photos</source>
        <translation>Fortschritt aller Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="124"/>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="124"/>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="126"/>
        <source>Go on with the next photo</source>
        <translation>Mit dem nächsten Foto weitermachen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="128"/>
        <source>Stop after the photo in work</source>
        <translation>Nach dem laufenden Foto anhalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="130"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="131"/>
        <source>Stop now; photos that are done stay done</source>
        <translation>Jetzt aufhören; fertige Fotos bleiben fertig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="132"/>
        <source>Retry failed</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="133"/>
        <source>1 failed</source>
        <translation>1 fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="133"/>
        <source>{n} failed</source>
        <translation>{n} fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/film/queue_bar.py" line="135"/>
        <source>Say which photos failed, and why</source>
        <translation>Sagt, welche Fotos fehlschlugen und warum</translation>
    </message>
</context>
<context>
    <name>Readout</name>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="106"/>
        <source>Values under the pointer</source>
        <translation>Werte unter dem Zeiger</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="89"/>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="89"/>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="96"/>
        <source>Red, green and blue in sRGB, 0 to %1</source>
        <translation>Rot, Grün und Blau in sRGB, 0 bis %1</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="113"/>
        <source>▲ clipped</source>
        <translation>▲ gekappt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/compare/readout.py" line="114"/>
        <source>▼ clipped</source>
        <translation>▼ gekappt</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="11"/>
        <source>Nothing was found that needs restoring.</source>
        <translation>Es wurde nichts gefunden, das restauriert werden müsste.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="12"/>
        <source>Too small to judge.</source>
        <translation>Zu klein, um es zu beurteilen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="13"/>
        <source>It may be an old print: if it is, choose “Old photo” yourself.</source>
        <translation>Es könnte ein alter Abzug sein: wenn ja, wählen Sie selbst „Altes Foto“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="14"/>
        <source>Very small: {} × {} pixels.</source>
        <translation>Sehr klein: {} × {} Pixel.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="15"/>
        <source>Noise of about {:.0f} levels of 255.</source>
        <translation>Rauschen von etwa {:.0f} der 255 Stufen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="16"/>
        <source>Camera noise of about 1 level of 255.</source>
        <translation>Kamerarauschen von etwa einer der 255 Stufen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="17"/>
        <source>Camera noise of about {} levels of 255.</source>
        <translation>Kamerarauschen von etwa {} der 255 Stufen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="18"/>
        <source>Strong JPEG compression, of quality {:.0f} or so.</source>
        <translation>Starke JPEG-Kompression, etwa Qualität {:.0f}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="19"/>
        <source>The blocks of a strong JPEG compression show.</source>
        <translation>Die Blöcke einer starken JPEG-Kompression sind zu sehen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="20"/>
        <source>The camera moved: edges are softest at {:.0f}° to the horizontal.</source>
        <translation>Verwackelt: Am weichsten sind Kanten unter {:.0f}° zur Waagerechten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="23"/>
        <source>No edge is sharp: all are {:.1f} pixels wide or more.</source>
        <translation>Keine Kante ist scharf: Alle sind mindestens {:.1f} Pixel breit.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="24"/>
        <source>Blurred: edges become clearer when the blur is taken out.</source>
        <translation>Unscharf: Ohne die Unschärfe werden Kanten klarer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="25"/>
        <source>One blur lies over the whole photo, about {:.0f} pixels wide: it was read and taken out.</source>
        <translation>Über dem ganzen Foto liegt eine einzige Unschärfe, etwa {:.0f} Pixel breit: Sie wurde gemessen und herausgerechnet.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="29"/>
        <source>No blur that lies over the whole photo could be read: it is sharpened as blurs usually are.</source>
        <translation>Eine Unschärfe, die über dem ganzen Foto liegt, ließ sich nicht messen: Geschärft wurde wie bei gewöhnlicher Unschärfe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="34"/>
        <source>Very dark: the mean brightness is {:.0%} of white.</source>
        <translation>Sehr dunkel: Die mittlere Helligkeit liegt bei {:.0%} von Weiß.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="35"/>
        <source>Underexposed: the mean brightness is {:.0%} of white.</source>
        <translation>Unterbelichtet: Die mittlere Helligkeit liegt bei {:.0%} von Weiß.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="36"/>
        <source>Haze or fog: even the darkest places reach {:.0%} of white.</source>
        <translation>Dunst oder Nebel: Selbst die dunkelsten Stellen erreichen {:.0%} von Weiß.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="37"/>
        <source>Haze or mist: a veil lies over the picture and takes its contrast.</source>
        <translation>Dunst oder Nebel: Ein Schleier liegt über dem Bild und nimmt ihm den Kontrast.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="40"/>
        <source>Bright streaks all over, at {:.0f}° to the horizontal.</source>
        <translation>Überall helle Streifen, unter {:.0f}° zur Waagerechten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="41"/>
        <source>Rain: bright streaks lie over the picture.</source>
        <translation>Regen: Helle Streifen liegen über dem Bild.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="42"/>
        <source>Bright flakes all over the picture.</source>
        <translation>Überall im Bild helle Flocken.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="43"/>
        <source>The marks of an old print: scratches, dust or cracks here and there.</source>
        <translation>Die Spuren eines alten Abzugs: hier und da Kratzer, Staub oder Risse.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="46"/>
        <source>The marks of an old print: scratches, dust or cracks on {:.0%} of it.</source>
        <translation>Die Spuren eines alten Abzugs: Kratzer, Staub oder Risse auf {:.0%} davon.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="49"/>
        <source>Faded: the tones fill only {:.0%} of the range.</source>
        <translation>Verblasst: Die Töne füllen nur {:.0%} des Umfangs.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="50"/>
        <source>Scratches: thin bright lines up to {:.0%} of the picture long.</source>
        <translation>Kratzer: dünne helle Linien, bis zu {:.0%} des Bildes lang.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/reason_words.py" line="51"/>
        <source>The look of an old print: grain, faded tones or damage.</source>
        <translation>Wie ein alter Abzug: Korn, verblasste Töne oder Schäden.</translation>
    </message>
</context>
<context>
    <name>RecipeChoice</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/recipe_choice.py" line="48"/>
        <source>Ours: {}</source>
        <translation>Unseres: {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/recipe_choice.py" line="51"/>
        <source>A file of your own…</source>
        <translation>Eine eigene Datei…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/recipe_choice.py" line="51"/>
        <source>Another file…</source>
        <translation>Eine andere Datei…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/recipe_choice.py" line="58"/>
        <source>Choose a recipe</source>
        <translation>Ein Rezept wählen</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="74"/>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="74"/>
        <source>Restored</source>
        <translation>Restauriert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="76"/>
        <source>Restore this photo (Ctrl+Return)</source>
        <translation>Dieses Foto restaurieren (Strg+Eingabe)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="78"/>
        <source>What is shown is the result of these settings</source>
        <translation>Gezeigt wird das Ergebnis dieser Einstellungen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="82"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="83"/>
        <source>Stop this run; nothing is left behind (Esc)</source>
        <translation>Diesen Lauf abbrechen; nichts bleibt zurück (Esc)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/panel/run_bar.py" line="84"/>
        <source>Progress of this run</source>
        <translation>Fortschritt dieses Laufs</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="8"/>
        <source>No model called “{model}” can be fetched</source>
        <translation>Es lässt sich kein Modell namens „{model}“ holen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="9"/>
        <source>There is no model called “{model}” here; installed: {names}.</source>
        <translation>Hier ist kein Modell namens „{model}“; installiert sind: {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="10"/>
        <source>There are: {names}.</source>
        <translation>Es gibt: {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="11"/>
        <source>{model} is not there as “{variant}”</source>
        <translation>{model} gibt es nicht als „{variant}“</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="12"/>
        <source>Choose one of: {names}.</source>
        <translation>Wählen Sie eines von: {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="13"/>
        <source>Choose another.</source>
        <translation>Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="14"/>
        <source>Choose another model.</source>
        <translation>Wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="15"/>
        <source>Choose another model, or update the program.</source>
        <translation>Wählen Sie ein anderes Modell, oder aktualisieren Sie das Programm.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="16"/>
        <source>{model} is not on this machine</source>
        <translation>{model} ist nicht auf diesem Computer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="17"/>
        <source>This version cannot run {model} yet</source>
        <translation>Diese Version kann {model} noch nicht ausführen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="18"/>
        <source>{model} belongs to a family that this version cannot run.</source>
        <translation>{model} gehört zu einer Familie, die diese Version nicht ausführen kann.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="19"/>
        <source>{model} has other sizes than the catalogue says.</source>
        <translation>{model} hat andere Größen, als der Katalog sagt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="20"/>
        <source>{model} is no model of FLUX&apos;s kind.</source>
        <translation>{model} ist kein Modell von der Art von FLUX.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="21"/>
        <source>{model} is not there in a precision that {device} runs</source>
        <translation>{model} ist in keiner Genauigkeit da, die {device} kann</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="22"/>
        <source>{model} does not fit: {why}</source>
        <translation>{model} passt nicht: {why}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="23"/>
        <source>{device} has {free} GB free, {needed} are needed</source>
        <translation>{device} hat {free} GB frei, nötig sind {needed}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="24"/>
        <source>the {memory} GB of memory do not hold its weights</source>
        <translation>Die {memory} GB Arbeitsspeicher fassen seine Gewichte nicht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="25"/>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>Schließen Sie andere Programme, oder wählen Sie ein kleineres Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="26"/>
        <source>The catalogue {file} is damaged: {error}.</source>
        <translation>Der Katalog {file} ist beschädigt: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="27"/>
        <source>The catalogue {file} is damaged: an id occurs twice.</source>
        <translation>Der Katalog {file} ist beschädigt: Eine Kennung kommt zweimal vor.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="28"/>
        <source>The catalogue {folder}/model.toml is damaged.</source>
        <translation>Der Katalog {folder}/model.toml ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="29"/>
        <source>The catalogue names no {role} for this model.</source>
        <translation>Der Katalog nennt für dieses Modell nichts als „{role}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="30"/>
        <source>The catalogue names no network for this model.</source>
        <translation>Der Katalog nennt für dieses Modell kein Netz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="31"/>
        <source>The catalogue names no transformer for this model.</source>
        <translation>Der Katalog nennt für dieses Modell keinen Transformer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="32"/>
        <source>The model {model} has no prompt for “{preset}”</source>
        <translation>Das Modell {model} hat keinen Prompt für „{preset}“</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="33"/>
        <source>{model} has no prompt for “{preset}”</source>
        <translation>{model} hat keinen Prompt für „{preset}“</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="34"/>
        <source>“{name}” cannot name a phrase</source>
        <translation>„{name}“ kann keine Anweisung benennen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="35"/>
        <source>Use small letters, digits and hyphens.</source>
        <translation>Nehmen Sie kleine Buchstaben, Ziffern und Bindestriche.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="36"/>
        <source>The phrase {name} has no words</source>
        <translation>Die Anweisung {name} hat keine Worte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="37"/>
        <source>Say what shall be done.</source>
        <translation>Sagen Sie, was getan werden soll.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="38"/>
        <source>No text encoder is known for {model}</source>
        <translation>Für {model} ist kein Textkodierer bekannt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="39"/>
        <source>The text encoder stopped without an answer, perhaps for lack of memory.</source>
        <translation>Der Textkodierer brach ohne Antwort ab, vielleicht weil der Speicher nicht reichte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="42"/>
        <source>Close other programs; the same command goes on.</source>
        <translation>Schließen Sie andere Programme; danach geht es dort weiter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="43"/>
        <source>{model} follows words, which have to be encoded once, and the library transformers that does it is not installed</source>
        <translation>{model} folgt Worten, die einmal zu übersetzen sind, und die Bibliothek transformers, die das tut, ist nicht installiert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="48"/>
        <source>Install it with: &quot;{python}&quot; -m pip install &quot;transformers&gt;={version}&quot;
Then the same command goes on. With --no-phrases the model comes without them.</source>
        <translation>Installieren Sie sie mit: &quot;{python}&quot; -m pip install &quot;transformers&gt;={version}&quot;
Danach geht es dort weiter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="53"/>
        <source>A packaged program takes no further libraries: encode them with one that runs from its source, and copy the folder “prompts” from its model; --no-phrases leaves them.</source>
        <translation>Ein fertig gepacktes Programm nimmt keine weiteren Bibliotheken auf: Übersetzen Sie sie mit einem, das aus dem Quelltext läuft, und kopieren Sie den Ordner „prompts“ aus dessen Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="58"/>
        <source>A text encoder needs {needed} GB of memory, and this machine has {memory} GB</source>
        <translation>Ein Textkodierer braucht {needed} GB Arbeitsspeicher, und dieser Computer hat {memory} GB</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="61"/>
        <source>Encode the phrases on another machine, and copy its folder “prompts”.</source>
        <translation>Übersetzen Sie die Anweisungen auf einem anderen Computer, und kopieren Sie dessen Ordner „prompts“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="64"/>
        <source>{folder} holds no folder {name}</source>
        <translation>{folder} enthält keinen Ordner {name}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="65"/>
        <source>Name the folder of a model in diffusers&apos; layout.</source>
        <translation>Nennen Sie den Ordner eines Modells, der wie bei diffusers aufgebaut ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="66"/>
        <source>{model} has a licence of its own: {address}</source>
        <translation>{model} hat eine eigene Lizenz: {address}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="67"/>
        <source>Read the licence; if you accept it, add --accept-licence.</source>
        <translation>Lesen Sie die Lizenz, und nehmen Sie sie an, wenn Sie einverstanden sind.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="68"/>
        <source>{folder} holds no file of {model}</source>
        <translation>{folder} enthält keine Datei von {model}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="69"/>
        <source>Files are known by name: {names}.</source>
        <translation>Dateien werden an ihrem Namen erkannt: {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="70"/>
        <source>There is no folder {folder}</source>
        <translation>Es gibt keinen Ordner {folder}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="71"/>
        <source>Check its name.</source>
        <translation>Prüfen Sie den Namen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="72"/>
        <source>In {folder}, {state}</source>
        <translation>In {folder}: {state}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="73"/>
        <source>Fetch the file anew.</source>
        <translation>Holen Sie die Datei neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="74"/>
        <source>“{model}” belongs to the program</source>
        <translation>„{model}“ gehört zum Programm</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="75"/>
        <source>It is here; nothing is to do.</source>
        <translation>Es ist da; es gibt nichts zu tun.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="76"/>
        <source>Another program is at work on {model} already</source>
        <translation>Ein anderes Programm arbeitet schon an {model}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="77"/>
        <source>Wait until the other download is through, or end it.</source>
        <translation>Warten Sie, bis der andere Download fertig ist, oder beenden Sie ihn.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="78"/>
        <source>This installation cannot use the system&apos;s keyring</source>
        <translation>Diese Installation kann den Schlüsselbund des Systems nicht nutzen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="79"/>
        <source>The system&apos;s keyring does not take the token: {error}</source>
        <translation>Der Schlüsselbund des Systems nimmt das Token nicht an: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="80"/>
        <source>Install the package “keyring”, or put the token into the environment as HF_TOKEN.</source>
        <translation>Installieren Sie das Paket „keyring“, oder setzen Sie das Token in der Umgebung als HF_TOKEN.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="84"/>
        <source>Unlock it, or put the token into the environment as HF_TOKEN.</source>
        <translation>Entsperren Sie ihn, oder setzen Sie das Token in der Umgebung als HF_TOKEN.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="85"/>
        <source>Something went wrong: {error}</source>
        <translation>Etwas ging schief: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="86"/>
        <source>The connection to {server} breaks off again and again</source>
        <translation>Die Verbindung zu {server} bricht immer wieder ab</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="87"/>
        <source>The disk of {folder} has {free} GB free, and {needed} GB are needed</source>
        <translation>Auf der Platte von {folder} sind {free} GB frei, und {needed} GB sind nötig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="90"/>
        <source>The disk of {folder} is full</source>
        <translation>Die Platte von {folder} ist voll</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="91"/>
        <source>The server does not say how long {file} is</source>
        <translation>Der Server sagt nicht, wie lang {file} ist</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="92"/>
        <source>The server contradicts itself about {file}</source>
        <translation>Der Server widerspricht sich über {file}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="93"/>
        <source>{file} came with {size} bytes instead of {expected}</source>
        <translation>{file} kam mit {size} Bytes statt {expected}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="94"/>
        <source>{file} came damaged: {fault}</source>
        <translation>{file} kam beschädigt an: {fault}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="95"/>
        <source>{file} came damaged or altered: its checksum differs</source>
        <translation>{file} kam beschädigt oder verändert an: Die Prüfsumme stimmt nicht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="96"/>
        <source>Try again; if it stays so, the place it is fetched from has changed.</source>
        <translation>Versuchen Sie es noch einmal; bleibt es so, hat sich die Quelle verändert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="99"/>
        <source>{folder} cannot be written: {error}</source>
        <translation>{folder} lässt sich nicht schreiben: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="100"/>
        <source>Instead of the file, {server} answers with a web page</source>
        <translation>Statt mit der Datei antwortet {server} mit einer Webseite</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="101"/>
        <source>Perhaps the network wants you to sign in first: open any page in a browser.</source>
        <translation>Vielleicht will das Netz, dass Sie sich erst anmelden: Öffnen Sie irgendeine Seite im Browser.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="104"/>
        <source>{server} does not give {file} to everyone ({status})</source>
        <translation>{server} gibt {file} nicht jedem ({status})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="105"/>
        <source>{file} is no longer at {server} ({status})</source>
        <translation>{file} ist nicht mehr bei {server} ({status})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="106"/>
        <source>{server} refuses {file} ({status})</source>
        <translation>{server} verweigert {file} ({status})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="107"/>
        <source>The proxy wants a name and a password</source>
        <translation>Der Proxy will einen Namen und ein Kennwort</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="108"/>
        <source>Put them into https_proxy.</source>
        <translation>Tragen Sie sie in https_proxy ein.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="109"/>
        <source>{server} cannot prove who it is</source>
        <translation>{server} kann sich nicht ausweisen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="110"/>
        <source>Check the clock. Behind a company&apos;s proxy, let SSL_CERT_FILE name its certificate.</source>
        <translation>Prüfen Sie die Uhr. Hinter dem Proxy einer Firma muss SSL_CERT_FILE dessen Zertifikat nennen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="114"/>
        <source>{server} does not answer in time</source>
        <translation>{server} antwortet nicht rechtzeitig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="115"/>
        <source>{server} cannot be reached: {error}</source>
        <translation>{server} ist nicht zu erreichen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="116"/>
        <source>{server} is too busy to send the file</source>
        <translation>{server} ist zu beschäftigt, um die Datei zu senden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="117"/>
        <source>{server} gives no more files for the moment</source>
        <translation>{server} gibt im Augenblick keine Dateien mehr</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="118"/>
        <source>Try again in {minutes} min; the same command goes on where it stopped.</source>
        <translation>Versuchen Sie es in {minutes} min wieder; es geht dort weiter, wo es stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="121"/>
        <source>Try again later; the same command goes on where it stopped.</source>
        <translation>Versuchen Sie es später wieder; es geht dort weiter, wo es stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="122"/>
        <source>The same command goes on where it stopped.</source>
        <translation>Beim nächsten Mal geht es dort weiter, wo es stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="123"/>
        <source>Check the connection; the same command goes on where it stopped.</source>
        <translation>Prüfen Sie die Verbindung; es geht dort weiter, wo es stehen blieb.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="126"/>
        <source>Make room, or let RESTORER_MODELS name a folder on another disk.</source>
        <translation>Schaffen Sie Platz, oder lassen Sie RESTORER_MODELS einen Ordner auf einer anderen Platte nennen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/model_sentences.py" line="129"/>
        <source>Ask for the right to write there, or let RESTORER_MODELS name another folder.</source>
        <translation>Bitten Sie um das Recht, dort zu schreiben, oder lassen Sie RESTORER_MODELS einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="8"/>
        <source>“{file}” does not exist.</source>
        <translation>„{file}“ gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="9"/>
        <source>“{file}” is a folder, not a picture.</source>
        <translation>„{file}“ ist ein Ordner, kein Bild.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="10"/>
        <source>“{file}” is a folder.</source>
        <translation>„{file}“ ist ein Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="11"/>
        <source>“{file}” is damaged or cut short.</source>
        <translation>„{file}“ ist beschädigt oder abgeschnitten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="12"/>
        <source>“{file}” cannot be read from the disk.</source>
        <translation>„{file}“ lässt sich nicht von der Platte lesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="13"/>
        <source>“{file}” does not fit into this computer&apos;s memory.</source>
        <translation>„{file}“ passt nicht in den Arbeitsspeicher dieses Computers.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="14"/>
        <source>“{file}” is not there any more.</source>
        <translation>„{file}“ ist nicht mehr da.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="15"/>
        <source>“{file}” was changed since it was restored.</source>
        <translation>„{file}“ wurde geändert, seit es restauriert wurde.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="16"/>
        <source>Restore it anew, and save that.</source>
        <translation>Restaurieren Sie es neu, und sichern Sie das.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="17"/>
        <source>The folder “{folder}” may not be read by you.</source>
        <translation>Den Ordner „{folder}“ dürfen Sie nicht lesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="18"/>
        <source>The picture does not fit into memory.</source>
        <translation>Das Bild passt nicht in den Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="19"/>
        <source>Even a small part of this picture does not fit.</source>
        <translation>Nicht einmal ein kleiner Teil dieses Bildes passt in den Speicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="20"/>
        <source>The mask {file} has {width} x {height} pixels, the photo {wide} x {high}.</source>
        <translation>Die Maske {file} hat {width} x {height} Pixel, das Foto {wide} x {high}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="23"/>
        <source>Make the mask on the photo itself, at its full size.</source>
        <translation>Machen Sie die Maske auf dem Foto selbst, in voller Größe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="24"/>
        <source>Open the file in another program to see whether it is intact.</source>
        <translation>Öffnen Sie die Datei in einem anderen Programm, um zu sehen, ob sie heil ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="25"/>
        <source>Open it in a RAW developer, and export it as a 16-bit TIFF.</source>
        <translation>Öffnen Sie sie in einem RAW-Entwickler, und exportieren Sie sie als 16-Bit-TIFF.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="26"/>
        <source>It holds {count} pictures; only the main one was read.</source>
        <translation>Die Datei enthält {count} Bilder; nur das Hauptbild wurde gelesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="27"/>
        <source>Save it as TIFF first.</source>
        <translation>Speichern Sie es zuerst als TIFF.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="28"/>
        <source>Export it as TIFF first.</source>
        <translation>Exportieren Sie es zuerst als TIFF.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="29"/>
        <source>Check the name and the folder.</source>
        <translation>Prüfen Sie Namen und Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="30"/>
        <source>Name a picture in it.</source>
        <translation>Nennen Sie ein Bild darin.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="31"/>
        <source>Ask its owner for the right to read it.</source>
        <translation>Bitten Sie den Eigentümer um das Recht, sie zu lesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="32"/>
        <source>Close other programs, or restore a smaller picture.</source>
        <translation>Schließen Sie andere Programme, oder restaurieren Sie ein kleineres Bild.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="33"/>
        <source>The engine stopped while it worked on this picture, perhaps for lack of memory.</source>
        <translation>Die Engine brach ab, während sie an diesem Bild arbeitete, vielleicht weil der Speicher nicht reichte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="37"/>
        <source>The engine stopped before it came to this picture.</source>
        <translation>Die Engine brach ab, bevor sie zu diesem Bild kam.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="38"/>
        <source>The engine was started anew; try the picture again.</source>
        <translation>Die Engine wurde neu gestartet; versuchen Sie es mit dem Bild noch einmal.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="39"/>
        <source>It was started anew; try the picture again.</source>
        <translation>Sie wurde neu gestartet; versuchen Sie es mit dem Bild noch einmal.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="40"/>
        <source>Something went wrong that should not: {error}.</source>
        <translation>Etwas ging schief, was nicht schiefgehen sollte: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="41"/>
        <source>Please report this, with the log file.</source>
        <translation>Bitte melden Sie das, mit der Protokolldatei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="42"/>
        <source>“restorer doctor” says more; the command line works without a window.</source>
        <translation>„restorer doctor“ sagt mehr; die Befehlszeile geht ohne Fenster.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="45"/>
        <source>There is no kind of device called “{name}”.</source>
        <translation>Es gibt keine Art von Gerät namens „{name}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="46"/>
        <source>This machine has no usable “{name}” device.</source>
        <translation>Dieser Computer hat kein nutzbares Gerät „{name}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="47"/>
        <source>Take auto or cpu.</source>
        <translation>Nehmen Sie auto oder cpu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="48"/>
        <source>The part of the program that finds faces is not installed.</source>
        <translation>Der Teil des Programms, der Gesichter findet, ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="49"/>
        <source>A tile came out {state} and was made once more.</source>
        <translation>Eine Kachel war {state} und wurde noch einmal gerechnet.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="50"/>
        <source>A tile stayed {state}; the draft was kept in its place.</source>
        <translation>Eine Kachel blieb {state}; an ihrer Stelle wurde der Entwurf behalten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="51"/>
        <source>The graphics processor gave wrong numbers in {dtype}, so it computes in float32, which is slower.</source>
        <translation>Die Grafikkarte lieferte in {dtype} falsche Zahlen; sie rechnet deshalb in float32, was langsamer ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="56"/>
        <source>The graphics processor gives wrong numbers; the processor computes. Update its driver.</source>
        <translation>Die Grafikkarte liefert falsche Zahlen; der Prozessor rechnet. Aktualisieren Sie ihren Treiber.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="60"/>
        <source>The disk of {folder} has no room for the picture in work, which takes {needed} GB there.</source>
        <translation>Auf der Platte von {folder} ist kein Platz für das Bild in Arbeit, das dort {needed} GB braucht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="64"/>
        <source>Make room on that disk, or enlarge the picture less.</source>
        <translation>Schaffen Sie Platz auf dieser Platte, oder vergrößern Sie das Bild weniger.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="65"/>
        <source>Values outside black to white were clipped.</source>
        <translation>Werte außerhalb von Schwarz bis Weiß wurden abgeschnitten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="66"/>
        <source>Its scanner profile leads one way only; the photo was converted to sRGB.</source>
        <translation>Sein Scannerprofil führt nur in eine Richtung; das Foto wurde nach sRGB umgewandelt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="69"/>
        <source>Its CMYK colours were converted to sRGB by {source}.</source>
        <translation>Seine CMYK-Farben wurden nach sRGB umgewandelt, mit {source}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="70"/>
        <source>Its Lab colours were converted to sRGB.</source>
        <translation>Seine Lab-Farben wurden nach sRGB umgewandelt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="71"/>
        <source>Its colour profile is for another kind of picture; taken as sRGB.</source>
        <translation>Sein Farbprofil ist für eine andere Art von Bild; es gilt als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="74"/>
        <source>Its colour profile is damaged; its colours are taken as sRGB.</source>
        <translation>Sein Farbprofil ist beschädigt; seine Farben gelten als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="75"/>
        <source>Its colour profile is incomplete; its colours are taken as sRGB.</source>
        <translation>Sein Farbprofil ist unvollständig; seine Farben gelten als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="78"/>
        <source>It names Adobe RGB without a profile; one was added.</source>
        <translation>Es nennt Adobe RGB ohne Profil; eines wurde hinzugefügt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="79"/>
        <source>Its colour profile cannot be read from JPEG XL; it is taken as sRGB.</source>
        <translation>Sein Farbprofil lässt sich aus JPEG XL nicht lesen; es gilt als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="82"/>
        <source>Its colours are of a kind (HDR) that cannot be converted; taken as sRGB.</source>
        <translation>Seine Farben sind von einer Art (HDR), die sich nicht umwandeln lässt; sie gelten als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="85"/>
        <source>Its values reach {reach} instead of 1 and were scaled down.</source>
        <translation>Seine Werte reichen bis {reach} statt 1 und wurden verkleinert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="86"/>
        <source>Its last bytes are missing, but no part of the picture is.</source>
        <translation>Seine letzten Bytes fehlen, aber kein Teil des Bildes.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="87"/>
        <source>Part of its XMP data is damaged and was left out.</source>
        <translation>Ein Teil seiner XMP-Daten ist beschädigt und wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="88"/>
        <source>Its EXIF data are damaged and were left out.</source>
        <translation>Seine EXIF-Daten sind beschädigt und wurden weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="93"/>
        <source>It is an animation; only its first picture was read.</source>
        <translation>Es ist eine Animation; nur das erste Bild wurde gelesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="94"/>
        <source>It holds {count} pages; only the first was read.</source>
        <translation>Es hat {count} Seiten; nur die erste wurde gelesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="95"/>
        <source>An extra channel (infrared or a saved selection) was left out.</source>
        <translation>Ein weiterer Kanal (Infrarot oder eine gespeicherte Auswahl) wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="98"/>
        <source>Some of its texts are too long and were left out.</source>
        <translation>Manche seiner Texte sind zu lang und wurden weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="102"/>
        <source>“{file}” cannot be written: the formats are JPEG, PNG, TIFF, WebP, AVIF and DNG.</source>
        <translation>„{file}“ lässt sich nicht schreiben: Die Formate sind JPEG, PNG, TIFF, WebP, AVIF und DNG.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="121"/>
        <source>Choose a name that ends in .jpg, .png, .tif, .webp, .avif or .dng.</source>
        <translation>Wählen Sie einen Namen, der auf .jpg, .png, .tif, .webp, .avif oder .dng endet.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="109"/>
        <source>“{file}” cannot be written: {format} has no {bits} bits per channel.</source>
        <translation>„{file}“ lässt sich nicht schreiben: {format} hat keine {bits} Bit je Kanal.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="89"/>
        <source>It has an HDR gain map, which only a JPEG keeps; the photo is its standard picture.</source>
        <translation>Es hat eine HDR-Karte, die nur ein JPEG behält; das Foto ist das normale Bild.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="106"/>
        <source>“{file}” cannot be written: {format} is for colour photos from RAW files.</source>
        <translation>„{file}“ lässt sich nicht schreiben: {format} ist für Farbfotos aus RAW-Dateien.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="112"/>
        <source>“{file}” cannot be written: {reason}.</source>
        <translation>„{file}“ lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="113"/>
        <source>“{file}” exists already.</source>
        <translation>„{file}“ gibt es schon.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="114"/>
        <source>“{file}” is the original, which is never changed.</source>
        <translation>„{file}“ ist das Original, das nie verändert wird.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="115"/>
        <source>“{file}” has an ending that cannot be written.</source>
        <translation>„{file}“ hat eine Endung, die sich nicht schreiben lässt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="116"/>
        <source>“{file}” is an original of this list, and originals are never changed.</source>
        <translation>„{file}“ ist ein Original dieser Liste, und Originale werden nie verändert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="119"/>
        <source>Nothing can be written into “{folder}”.</source>
        <translation>In „{folder}“ lässt sich nichts schreiben.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="120"/>
        <source>The folder “{folder}” cannot be made there.</source>
        <translation>Der Ordner „{folder}“ lässt sich dort nicht anlegen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="124"/>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="125"/>
        <source>Choose another name or folder.</source>
        <translation>Wählen Sie einen anderen Namen oder Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="126"/>
        <source>Choose another name, or allow overwriting.</source>
        <translation>Wählen Sie einen anderen Namen, oder erlauben Sie das Überschreiben.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="127"/>
        <source>Choose another place with -o, or make room there.</source>
        <translation>Wählen Sie einen anderen Ort, oder schaffen Sie dort Platz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="128"/>
        <source>Name a file in it.</source>
        <translation>Nennen Sie eine Datei darin.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="129"/>
        <source>Save it as TIFF.</source>
        <translation>Speichern Sie es als TIFF.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="130"/>
        <source>{format} has no transparency; it was left out.</source>
        <translation>{format} kennt keine Transparenz; sie wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="131"/>
        <source>{format} has no profiles for gray; its tones were converted to sRGB.</source>
        <translation>{format} hat keine Profile für Grau; die Töne wurden nach sRGB umgewandelt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="134"/>
        <source>Its profile for gray does not fit a colour picture and was left out.</source>
        <translation>Sein Profil für Grau passt nicht zu einem Farbbild und wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="137"/>
        <source>{format} has no place for IPTC data; they were left out.</source>
        <translation>{format} hat keinen Platz für IPTC-Daten; sie wurden weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="138"/>
        <source>Its HDR gain map was left out.</source>
        <translation>Seine HDR-Karte wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="139"/>
        <source>JPEG has no room for its colour profile, which was left out.</source>
        <translation>In JPEG ist kein Platz für sein Farbprofil; es wurde weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="140"/>
        <source>JPEG has no room for all of its EXIF data; the longest entries were left out.</source>
        <translation>In JPEG ist nicht für alle seine EXIF-Daten Platz; die längsten Einträge wurden weggelassen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="143"/>
        <source>“{file}” exists already and is left as it is.</source>
        <translation>„{file}“ gibt es schon und bleibt, wie es ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="144"/>
        <source>“{file}” is taken: it becomes “{name}”.</source>
        <translation>„{file}“ ist vergeben: Es wird „{name}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="145"/>
        <source>“{file}” is left out: {reason}</source>
        <translation>„{file}“ wird ausgelassen: {reason}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="146"/>
        <source>A file name cannot have the character “{character}”.</source>
        <translation>Ein Dateiname darf das Zeichen „{character}“ nicht enthalten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="147"/>
        <source>A bracket {{ or }} is missing its partner.</source>
        <translation>Einer Klammer {{ oder }} fehlt die andere.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="148"/>
        <source>“{{{place}}}” means nothing here; there are {places}.</source>
        <translation>„{{{place}}}“ bedeutet hier nichts; es gibt {places}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="149"/>
        <source>The name is empty.</source>
        <translation>Der Name ist leer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="150"/>
        <source>The name is empty, or begins with a dot and would be hidden.</source>
        <translation>Der Name ist leer, oder er beginnt mit einem Punkt und wäre versteckt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="151"/>
        <source>“{name}” is a name that Windows keeps for itself.</source>
        <translation>„{name}“ ist ein Name, den Windows für sich behält.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="152"/>
        <source>The name is too long.</source>
        <translation>Der Name ist zu lang.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="153"/>
        <source>A preset needs a name with letters or digits.</source>
        <translation>Eine Vorgabe braucht einen Namen mit Buchstaben oder Ziffern.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="154"/>
        <source>Give it a name.</source>
        <translation>Geben Sie ihr einen Namen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="155"/>
        <source>The preset cannot be saved in “{folder}”: {error}.</source>
        <translation>Die Vorgabe lässt sich nicht in „{folder}“ speichern: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="156"/>
        <source>The preset cannot be removed from “{folder}”: {error}.</source>
        <translation>Die Vorgabe lässt sich nicht aus „{folder}“ entfernen: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="157"/>
        <source>Make room there, or ask for the right to write there.</source>
        <translation>Schaffen Sie dort Platz, oder bitten Sie um das Recht, dort zu schreiben.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="158"/>
        <source>Ask for the right to write there.</source>
        <translation>Bitten Sie um das Recht, dort zu schreiben.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="159"/>
        <source>{file} has an unknown entry “{entry}”{hint}</source>
        <translation>{file} hat einen unbekannten Eintrag „{entry}“{hint}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="160"/>
        <source>{file}: “{entry}” should be a {kind}, not {value}</source>
        <translation>{file}: „{entry}“ soll ein {kind} sein, nicht {value}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="161"/>
        <source>{file} is not a usable preset: {error}</source>
        <translation>{file} ist keine brauchbare Vorgabe: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="162"/>
        <source>{file} holds the preset “{preset}”; rename one of the two</source>
        <translation>{file} enthält die Vorgabe „{preset}“; benennen Sie eine der beiden um</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="163"/>
        <source>Correct the preset file, or remove it.</source>
        <translation>Berichtigen Sie die Datei der Vorgabe, oder entfernen Sie sie.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="164"/>
        <source>{file} is of version {version}, not {known}</source>
        <translation>{file} ist von Version {version}, nicht {known}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="165"/>
        <source>{file} has unknown entries: {entries}</source>
        <translation>{file} hat unbekannte Einträge: {entries}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="166"/>
        <source>{file} lacks a preset, a model or a seed</source>
        <translation>{file} fehlt eine Vorgabe, ein Modell oder ein Startwert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="167"/>
        <source>{file} asks for the seed {seed}, which is not 0 to 2^63 - 1</source>
        <translation>{file} verlangt den Startwert {seed}, der nicht in 0 bis 2^63 - 1 liegt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="168"/>
        <source>{file} asks for {steps} steps</source>
        <translation>{file} verlangt {steps} Schritte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/picture_sentences.py" line="169"/>
        <source>Correct the recipe file.</source>
        <translation>Berichtigen Sie die Rezeptdatei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="8"/>
        <source>is empty</source>
        <translation>ist leer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="9"/>
        <source>is no file but a device</source>
        <translation>ist keine Datei, sondern ein Gerät</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="10"/>
        <source>has no pixels</source>
        <translation>hat keine Pixel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="11"/>
        <source>is too large: it has {megapixels} megapixels, and {most} is the limit</source>
        <translation>ist zu groß: Es hat {megapixels} Megapixel, und {most} ist die Grenze</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="14"/>
        <source>may not be read by you</source>
        <translation>dürfen Sie nicht lesen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="15"/>
        <source>is a folder, not a picture</source>
        <translation>ist ein Ordner, kein Bild</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="56"/>
        <source>is a Photoshop document</source>
        <translation>ist ein Photoshop-Dokument</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="57"/>
        <source>is a GIMP document</source>
        <translation>ist ein GIMP-Dokument</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="58"/>
        <source>is a PDF document, not a picture</source>
        <translation>ist ein PDF-Dokument, kein Bild</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="59"/>
        <source>is a PostScript drawing, not a picture</source>
        <translation>ist eine PostScript-Zeichnung, kein Bild</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="18"/>
        <source>is not a picture in a format that this program reads</source>
        <translation>ist kein Bild in einem Format, das dieses Programm liest</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="16"/>
        <source>is a RAW file of a kind that this program does not know</source>
        <translation>ist eine RAW-Datei einer Art, die dieses Programm nicht kennt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="17"/>
        <source>is a RAW file, and damaged or cut short</source>
        <translation>ist eine RAW-Datei, und beschädigt oder abgeschnitten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="19"/>
        <source>is damaged or cut short</source>
        <translation>ist beschädigt oder abgeschnitten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="20"/>
        <source>is damaged: the part that tells the size of the picture is missing</source>
        <translation>ist beschädigt: Der Teil, der die Größe des Bildes nennt, fehlt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="23"/>
        <source>is damaged: it uses colours that are not in its palette</source>
        <translation>ist beschädigt: Es benutzt Farben, die nicht in seiner Palette sind</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="24"/>
        <source>is cut short: part of the picture is missing</source>
        <translation>ist abgeschnitten: Ein Teil des Bildes fehlt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="25"/>
        <source>has more than 16 bits per channel</source>
        <translation>hat mehr als 16 Bit je Kanal</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="26"/>
        <source>has an unusual number of channels</source>
        <translation>hat eine ungewöhnliche Zahl von Kanälen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="27"/>
        <source>is packed in a rare way that this program does not know: save it anew in another program, without compression or with LZW</source>
        <translation>ist auf eine seltene Art gepackt, die dieses Programm nicht kennt: Speichern Sie es in einem anderen Programm neu, ohne Kompression oder mit LZW</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="32"/>
        <source>stores its colours in an unusual way</source>
        <translation>speichert seine Farben auf ungewöhnliche Art</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="33"/>
        <source>holds no picture</source>
        <translation>enthält kein Bild</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="34"/>
        <source>its own profile</source>
        <translation>seinem eigenen Profil</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="35"/>
        <source>a SWOP profile, as it has none of its own</source>
        <translation>einem SWOP-Profil, da es kein eigenes hat</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="36"/>
        <source>there is no room left on the disk</source>
        <translation>Auf der Platte ist kein Platz mehr</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="37"/>
        <source>your share of the disk is used up</source>
        <translation>Ihr Anteil an der Platte ist aufgebraucht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="38"/>
        <source>the disk cannot hold a file that large</source>
        <translation>Die Platte kann keine so große Datei aufnehmen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="39"/>
        <source>you may not write into this folder</source>
        <translation>Sie dürfen nicht in diesen Ordner schreiben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="40"/>
        <source>the disk can only be read</source>
        <translation>Die Platte lässt sich nur lesen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="41"/>
        <source>the folder does not exist</source>
        <translation>Den Ordner gibt es nicht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="42"/>
        <source>part of its path is a file, not a folder</source>
        <translation>Ein Teil des Pfads ist eine Datei, kein Ordner</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="43"/>
        <source>the name is too long</source>
        <translation>Der Name ist zu lang</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="44"/>
        <source>it is a link that leads in a circle</source>
        <translation>Es ist eine Verknüpfung, die im Kreis führt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="45"/>
        <source>the disk allows no such name</source>
        <translation>Die Platte erlaubt keinen solchen Namen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="46"/>
        <source>the disk is damaged or was removed</source>
        <translation>Die Platte ist beschädigt oder wurde entfernt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="47"/>
        <source>the disk reports an error</source>
        <translation>Die Platte meldet einen Fehler</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="48"/>
        <source>it has {name}</source>
        <translation>Es hat {name}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="49"/>
        <source>it is empty</source>
        <translation>Es ist leer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="50"/>
        <source>another family</source>
        <translation>eine andere Familie</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="51"/>
        <source>the server</source>
        <translation>der Server</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="52"/>
        <source>; did you mean “{entry}”?</source>
        <translation>; meinten Sie „{entry}“?</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="60"/>
        <source>“{file}” {state}.</source>
        <translation>„{file}“ {state}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="61"/>
        <source>{format} ends at {side} pixels a side</source>
        <translation>{format} endet bei {side} Pixeln je Seite</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="62"/>
        <source>{format} ends at {most} megapixels</source>
        <translation>{format} endet bei {most} Megapixeln</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="63"/>
        <source>black</source>
        <translation>schwarz</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="64"/>
        <source>washed out</source>
        <translation>ausgewaschen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="65"/>
        <source>without numbers</source>
        <translation>ohne Zahlen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="66"/>
        <source>{file} is damaged: {fault}</source>
        <translation>{file} ist beschädigt: {fault}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="67"/>
        <source>{file} was altered: its checksum differs</source>
        <translation>{file} wurde verändert: Die Prüfsumme stimmt nicht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="68"/>
        <source>{file} has {size} bytes instead of {expected}</source>
        <translation>{file} hat {size} Bytes statt {expected}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="69"/>
        <source>{file} has {size} bytes there instead of {expected}</source>
        <translation>{file} hat dort {size} Bytes statt {expected}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="70"/>
        <source>it has {size} bytes instead of {expected}</source>
        <translation>Es hat {size} Bytes statt {expected}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="71"/>
        <source>it is no GGUF file</source>
        <translation>Es ist keine GGUF-Datei</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="72"/>
        <source>it is no safetensors file</source>
        <translation>Es ist keine safetensors-Datei</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="73"/>
        <source>[Errno {number}] {error}: &apos;{path}&apos;</source>
        <translation>{error}: „{path}“ (Fehler {number})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="74"/>
        <source>[Errno {number}] {error}</source>
        <translation>{error} (Fehler {number})</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="75"/>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="76"/>
        <source>No space left on device</source>
        <translation>Kein Platz mehr auf der Platte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="77"/>
        <source>Disk quota exceeded</source>
        <translation>Platzkontingent aufgebraucht</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="78"/>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="79"/>
        <source>Operation not permitted</source>
        <translation>Nicht erlaubt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="80"/>
        <source>Read-only file system</source>
        <translation>Die Platte lässt sich nur lesen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="81"/>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="82"/>
        <source>Not a directory</source>
        <translation>Kein Ordner</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="83"/>
        <source>Is a directory</source>
        <translation>Ein Ordner</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="84"/>
        <source>Directory not empty</source>
        <translation>Der Ordner ist nicht leer</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="85"/>
        <source>File name too long</source>
        <translation>Der Name ist zu lang</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="86"/>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="87"/>
        <source>Cannot allocate memory</source>
        <translation>Kein Arbeitsspeicher mehr</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="88"/>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="89"/>
        <source>Connection reset by peer</source>
        <translation>Die Gegenseite hat die Verbindung abgebrochen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="90"/>
        <source>Network is unreachable</source>
        <translation>Das Netz ist nicht erreichbar</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="91"/>
        <source>No route to host</source>
        <translation>Kein Weg dorthin</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="92"/>
        <source>Name or service not known</source>
        <translation>Name unbekannt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="93"/>
        <source>Temporary failure in name resolution</source>
        <translation>Der Name lässt sich zurzeit nicht auflösen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/sentence_parts.py" line="94"/>
        <source>timed out</source>
        <translation>keine Antwort in der vorgesehenen Zeit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="8"/>
        <source>There is a training called “{name}” already.</source>
        <translation>Es gibt schon ein Training namens „{name}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="9"/>
        <source>Give this one another name.</source>
        <translation>Geben Sie diesem einen anderen Namen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="10"/>
        <source>The training cannot be kept in “{folder}”: {error}.</source>
        <translation>Das Training lässt sich nicht in „{folder}“ aufbewahren: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="11"/>
        <source>“{folder}” cannot be removed: {error}.</source>
        <translation>„{folder}“ lässt sich nicht entfernen: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="12"/>
        <source>signal {number}</source>
        <translation>Signal {number}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="13"/>
        <source>code {number}</source>
        <translation>Code {number}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="14"/>
        <source>The state of the training cannot be written to {folder}: {error}.</source>
        <translation>Der Stand des Trainings lässt sich nicht nach {folder} schreiben: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="17"/>
        <source>Make room there, or name another --run; the same command goes on from the last state.</source>
        <translation>Schaffen Sie dort Platz; es geht vom letzten Stand aus weiter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="21"/>
        <source>The training does not fit into the memory of the graphics card.</source>
        <translation>Das Training passt nicht in den Speicher der Grafikkarte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="24"/>
        <source>Close what else uses it, or train for a smaller model.</source>
        <translation>Schließen Sie, was sie sonst noch benutzt, oder trainieren Sie für ein kleineres Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="25"/>
        <source>Another training writes into {folder}.</source>
        <translation>Ein anderes Training schreibt in {folder}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="26"/>
        <source>Wait until it is through, or end it.</source>
        <translation>Warten Sie, bis es fertig ist, oder beenden Sie es.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="27"/>
        <source>{folder} holds a training that is over, of another recipe, pool or seed.</source>
        <translation>{folder} enthält ein beendetes Training mit anderem Rezept, Vorrat oder Startwert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="30"/>
        <source>{folder} holds the state of another training, or a damaged one.</source>
        <translation>{folder} enthält den Stand eines anderen Trainings, oder einen beschädigten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="33"/>
        <source>Name another --run.</source>
        <translation>Nennen Sie mit --run einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="34"/>
        <source>Name another --run, or the options it was begun with.</source>
        <translation>Nennen Sie mit --run einen anderen Ordner, oder die Optionen, mit denen es begonnen wurde.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="35"/>
        <source>Name another --run, or the options it was begun with, or remove that one.</source>
        <translation>Nennen Sie mit --run einen anderen Ordner, oder die Optionen, mit denen es begonnen wurde, oder entfernen Sie jenes.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="38"/>
        <source>{path} cannot be made: {error}</source>
        <translation>{path} lässt sich nicht anlegen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="39"/>
        <source>{path} cannot be read: {error}</source>
        <translation>{path} lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="40"/>
        <source>Name another --out.</source>
        <translation>Nennen Sie mit --out einen anderen Ort.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="41"/>
        <source>Name another {option}.</source>
        <translation>Nennen Sie mit {option} einen anderen Ort.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="42"/>
        <source>Name another {option}, or make room; a training goes on from its --run.</source>
        <translation>Nennen Sie mit {option} einen anderen Ort, oder schaffen Sie Platz; ein Training geht von seinem --run aus weiter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="45"/>
        <source>Name another --out, train these tasks too, or remove their files.</source>
        <translation>Nennen Sie mit --out einen anderen Ort, trainieren Sie diese Aufgaben mit, oder entfernen Sie ihre Dateien.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="48"/>
        <source>{network} is also the network of {tasks}, which would fit no more.</source>
        <translation>{network} ist auch das Netz von {tasks}, die nicht mehr passen würden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="51"/>
        <source>The tasks are of several networks.</source>
        <translation>Die Aufgaben gehören zu mehreren Netzen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="52"/>
        <source>Name those of one with --tasks.</source>
        <translation>Nennen Sie mit --tasks die von einem.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="53"/>
        <source>The tasks&apos; adapters were made for another version of the network.</source>
        <translation>Die Adapter der Aufgaben wurden für eine andere Version des Netzes gemacht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="56"/>
        <source>Name the model that they were made for, or remove their files.</source>
        <translation>Nennen Sie das Modell, für das sie gemacht sind, oder entfernen Sie ihre Dateien.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="59"/>
        <source>{model} has {option} {found}, and a training from it cannot have {asked}.</source>
        <translation>{model} hat {option} {found}, und ein Training, das davon ausgeht, kann nicht {asked} haben.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="62"/>
        <source>Leave {option} out, or --start.</source>
        <translation>Lassen Sie {option} weg, oder --start.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="63"/>
        <source>{folder} has no autoencoder yet.</source>
        <translation>{folder} hat noch keinen Autoencoder.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="64"/>
        <source>Make it with “train autoencoder”.</source>
        <translation>Machen Sie ihn mit „train autoencoder“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="65"/>
        <source>Train one first.</source>
        <translation>Trainieren Sie zuerst einen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="66"/>
        <source>{file} is missing.</source>
        <translation>{file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="67"/>
        <source>Make it with “train latents”.</source>
        <translation>Machen Sie sie mit „train latents“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="68"/>
        <source>Windows of {side} do not fit into latents of {width} x {height}.</source>
        <translation>Fenster von {side} passen nicht in Latents von {width} x {height}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="71"/>
        <source>Choose smaller --sides, or encode a pool with a larger --side.</source>
        <translation>Wählen Sie kleinere --sides, oder kodieren Sie einen Vorrat mit größerer --side.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="74"/>
        <source>There are pictures in {folder} that no pictures.jsonl tells of.</source>
        <translation>In {folder} sind Bilder, von denen keine pictures.jsonl etwas sagt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="77"/>
        <source>Name a new folder with --out.</source>
        <translation>Nennen Sie mit --out einen neuen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="78"/>
        <source>{file} was painted otherwise: its {name} is “{found}”, not “{asked}”.</source>
        <translation>{file} wurde anders gemalt: {name} ist „{found}“, nicht „{asked}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="81"/>
        <source>Give the options it was painted with, or name another --out.</source>
        <translation>Geben Sie die Optionen an, mit denen es gemalt wurde, oder nennen Sie mit --out einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="82"/>
        <source>{count} of {total} pictures could not be read.</source>
        <translation>{count} von {total} Bildern ließen sich nicht lesen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="83"/>
        <source>The others are chosen from; take these out, or open them in another program.</source>
        <translation>Ausgewählt wird aus den anderen; nehmen Sie diese heraus, oder öffnen Sie sie in einem anderen Programm.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="86"/>
        <source>Pictures of {width} x {height} are too small for {model}.</source>
        <translation>Bilder von {width} x {height} sind zu klein für {model}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="87"/>
        <source>Give a --size of {width}x{height} or more.</source>
        <translation>Geben Sie mit --size mindestens {width}x{height} an.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="88"/>
        <source>{model} takes no guidance.</source>
        <translation>{model} nimmt keine Führung an.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="89"/>
        <source>Leave --guidance out.</source>
        <translation>Lassen Sie --guidance weg.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="90"/>
        <source>{model} cannot paint out of noise.</source>
        <translation>{model} kann nicht aus Rauschen malen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="91"/>
        <source>Choose another --model.</source>
        <translation>Wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="92"/>
        <source>Another program paints into {folder} at the moment.</source>
        <translation>Ein anderes Programm malt gerade in {folder}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="93"/>
        <source>Wait until it is through, or name another --out.</source>
        <translation>Warten Sie, bis es fertig ist, oder nennen Sie mit --out einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="94"/>
        <source>A picture of {width} x {height} does not fit into the memory.</source>
        <translation>Ein Bild von {width} x {height} passt nicht in den Speicher.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="95"/>
        <source>Choose a smaller --size, or close other programs.</source>
        <translation>Schließen Sie andere Programme, oder wählen Sie mit --size eine kleinere Größe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="96"/>
        <source>{file} is no pool of latents.</source>
        <translation>{file} ist kein Vorrat an Latents.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="97"/>
        <source>{file} was made with another autoencoder.</source>
        <translation>{file} wurde mit einem anderen Autoencoder gemacht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="98"/>
        <source>Make it anew.</source>
        <translation>Machen Sie es neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="99"/>
        <source>There are no photos to train on in {folder}.</source>
        <translation>In {folder} sind keine Fotos, mit denen sich trainieren lässt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="100"/>
        <source>Name their folder with --photos.</source>
        <translation>Wählen Sie ihren Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="101"/>
        <source>The photos below {folder} do not fit into memory, where a training keeps them.</source>
        <translation>Die Fotos unter {folder} passen nicht in den Arbeitsspeicher, in dem ein Training sie hält.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="105"/>
        <source>Name a folder of fewer or smaller ones; {count} of these would fit.</source>
        <translation>Wählen Sie einen Ordner mit weniger oder kleineren; {count} von diesen würden passen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="108"/>
        <source>Line {number} of pictures.jsonl names no file.</source>
        <translation>Zeile {number} von pictures.jsonl nennt keine Datei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="109"/>
        <source>Line {number} of pictures.jsonl is no table.</source>
        <translation>Zeile {number} von pictures.jsonl ist keine Tabelle.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="110"/>
        <source>Line {number} of pictures.jsonl is no JSON.</source>
        <translation>Zeile {number} von pictures.jsonl ist kein JSON.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="111"/>
        <source>Line {number} of pictures.jsonl does not hold just {names}.</source>
        <translation>Zeile {number} von pictures.jsonl enthält nicht genau {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="112"/>
        <source>pictures.jsonl cannot be read: {error}</source>
        <translation>pictures.jsonl lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="113"/>
        <source>Correct pictures.jsonl, or remove it if nothing is to be known of the pictures.</source>
        <translation>Berichtigen Sie pictures.jsonl, oder entfernen Sie es, wenn von den Bildern nichts bekannt sein muss.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="117"/>
        <source>Make room, or name another --out.</source>
        <translation>Schaffen Sie Platz, oder nennen Sie mit --out einen anderen Ort.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="118"/>
        <source>{recipe}: size is a multiple of {multiple}, not {size}.</source>
        <translation>{recipe}: size ist ein Vielfaches von {multiple}, nicht {size}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="119"/>
        <source>{recipe} has no task “{task}”.</source>
        <translation>{recipe} hat keine Aufgabe „{task}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="120"/>
        <source>Name some of these: {names}.</source>
        <translation>Nennen Sie einige von diesen: {names}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="121"/>
        <source>{recipe} has no task but “plain”, which has no adapter to train.</source>
        <translation>{recipe} hat keine Aufgabe außer „plain“, die keinen Adapter zum Trainieren hat.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="124"/>
        <source>{file} is not a usable recipe: it lacks {name}.</source>
        <translation>{file} ist kein brauchbares Rezept: Es fehlt {name}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="125"/>
        <source>{file} is not a usable recipe: {error}.</source>
        <translation>{file} ist kein brauchbares Rezept: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="126"/>
        <source>There are no pictures in {folder}.</source>
        <translation>In {folder} sind keine Bilder.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="127"/>
        <source>Name a folder of pictures.</source>
        <translation>Nennen Sie einen Ordner mit Bildern.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="128"/>
        <source>{folder} is no folder.</source>
        <translation>{folder} ist kein Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="129"/>
        <source>{folder} lies in the folder that is chosen from.</source>
        <translation>{folder} liegt in dem Ordner, aus dem ausgewählt wird.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="130"/>
        <source>{folder} is there already, and not empty.</source>
        <translation>{folder} gibt es schon, und er ist nicht leer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="131"/>
        <source>The transformer of {model} cannot be read: {error}</source>
        <translation>Der Transformer von {model} lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="132"/>
        <source>{recipe} teaches nothing but enlarging, which is taught by --enlarging.</source>
        <translation>{recipe} lehrt nichts als Vergrößern, und das lehrt --enlarging.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="135"/>
        <source>Choose a recipe with another task.</source>
        <translation>Wählen Sie ein Rezept mit einer anderen Aufgabe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="136"/>
        <source>Crops of {side} pixels do not fit the network.</source>
        <translation>Ausschnitte von {side} Pixeln passen nicht zum Netz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="137"/>
        <source>Give a --side that is a multiple of {multiple}.</source>
        <translation>Geben Sie eine --side an, die ein Vielfaches von {multiple} ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="138"/>
        <source>A texture prior learns from photos.</source>
        <translation>Ein Strukturmodell lernt aus Fotos.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="139"/>
        <source>Guidance learns from pairs with drafts.</source>
        <translation>Die Führung lernt aus Paaren mit Entwürfen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="140"/>
        <source>Name their file with --pool.</source>
        <translation>Nennen Sie ihre Datei mit --pool.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="141"/>
        <source>{file} is no pool of drafts.</source>
        <translation>{file} ist kein Vorrat an Entwürfen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="142"/>
        <source>Make one: “train drafts”.</source>
        <translation>Machen Sie einen: „train drafts“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="143"/>
        <source>Windows of {side} pixels do not fit into pictures of {size}.</source>
        <translation>Fenster von {side} Pixeln passen nicht in Bilder von {size}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/training_sentences.py" line="144"/>
        <source>Choose a smaller --side, or make a pool with a larger one.</source>
        <translation>Wählen Sie eine kleinere --side, oder machen Sie einen Vorrat mit einer größeren.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="8"/>
        <source>The file {file} is missing.</source>
        <translation>Die Datei {file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="9"/>
        <source>The weights file {file} is missing.</source>
        <translation>Die Gewichtsdatei {file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="10"/>
        <source>The weights file predictor.safetensors is missing.</source>
        <translation>Die Gewichtsdatei predictor.safetensors fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="11"/>
        <source>The weights file {file} is damaged.</source>
        <translation>Die Gewichtsdatei {file} ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="12"/>
        <source>The weights file {file} lacks the scale of {name}.</source>
        <translation>Der Gewichtsdatei {file} fehlt der Maßstab von {name}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="13"/>
        <source>The ranges in {file} are damaged.</source>
        <translation>Die Wertebereiche in {file} sind beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="14"/>
        <source>{file} is damaged, or holds another autoencoder.</source>
        <translation>{file} ist beschädigt oder enthält einen anderen Autoencoder.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="15"/>
        <source>{file} does not hold a {kind}.</source>
        <translation>{file} enthält kein Netz der Art „{kind}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="16"/>
        <source>{file} holds no usable network.</source>
        <translation>{file} enthält kein brauchbares Netz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="17"/>
        <source>{file} does not hold the network it should.</source>
        <translation>{file} enthält nicht das Netz, das es sollte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="18"/>
        <source>{file} does not hold an enlarger.</source>
        <translation>{file} enthält keinen Vergrößerer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="19"/>
        <source>{file} is not a usable enlarger.</source>
        <translation>{file} ist kein brauchbarer Vergrößerer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="20"/>
        <source>{file} does not hold an enlarger&apos;s expert.</source>
        <translation>{file} enthält keinen Experten eines Vergrößerers.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="21"/>
        <source>{file} is not a usable expert.</source>
        <translation>{file} ist kein brauchbarer Experte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="22"/>
        <source>The enlarger and its expert do not belong together.</source>
        <translation>Der Vergrößerer und sein Experte gehören nicht zusammen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="23"/>
        <source>The enlarger and its guide do not belong together.</source>
        <translation>Der Vergrößerer und sein Ratgeber gehören nicht zusammen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="24"/>
        <source>This network cannot guide an enlarger.</source>
        <translation>Dieses Netz kann keinen Vergrößerer anleiten.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="25"/>
        <source>{file} does not hold a light estimator.</source>
        <translation>{file} enthält keinen Lichtschätzer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="26"/>
        <source>{file} is not a usable light estimator.</source>
        <translation>{file} ist kein brauchbarer Lichtschätzer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="27"/>
        <source>{file} is not a usable repairer.</source>
        <translation>{file} ist kein brauchbarer Ausbesserer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="28"/>
        <source>{file} does not hold a texture prior.</source>
        <translation>{file} enthält kein Strukturmodell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="29"/>
        <source>{file} is not a usable texture prior.</source>
        <translation>{file} ist kein brauchbares Strukturmodell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="30"/>
        <source>{file} is not a usable autopilot: {error}</source>
        <translation>{file} ist keine brauchbare Automatik: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="31"/>
        <source>{file} lacks {name}: it is not a complete model.</source>
        <translation>{file} fehlt {name}: Das Modell ist nicht vollständig.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="32"/>
        <source>{file} is another model: its {name} is {size}, not {expected}.</source>
        <translation>{file} ist ein anderes Modell: {name} ist {size}, nicht {expected}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="35"/>
        <source>{file} is another model: it has {name} besides.</source>
        <translation>{file} ist ein anderes Modell: Es hat noch {name}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="36"/>
        <source>{file} describes a {kind}, which is no transformer of FLUX.</source>
        <translation>{file} beschreibt {kind}, und das ist kein Transformer von FLUX.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="37"/>
        <source>{file} does not describe an autoencoder of FLUX.</source>
        <translation>{file} beschreibt keinen Autoencoder von FLUX.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="38"/>
        <source>The config {file} is damaged.</source>
        <translation>Die Konfiguration {file} ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="39"/>
        <source>{file} stores {name} in an unknown form of eight bits.</source>
        <translation>{file} speichert {name} in einer unbekannten Form von acht Bit.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="40"/>
        <source>{file} stores {name} in an unknown form of NF4.</source>
        <translation>{file} speichert {name} in einer unbekannten Form von NF4.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="41"/>
        <source>{file} stores numbers as {kind}, which cannot be read.</source>
        <translation>{file} speichert Zahlen als {kind}, was sich nicht lesen lässt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="42"/>
        <source>{file} is a GGUF file, and the package that reads them is not installed.</source>
        <translation>{file} ist eine GGUF-Datei, und das Paket, das solche liest, ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="45"/>
        <source>{file} is neither safetensors nor GGUF.</source>
        <translation>{file} ist weder safetensors noch GGUF.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="46"/>
        <source>Other formats can hold programs and are not opened; choose one of these two.</source>
        <translation>Andere Formate können Programme enthalten und werden nicht geöffnet; wählen Sie eines von diesen beiden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="49"/>
        <source>Install the package gguf, or choose weights in safetensors.</source>
        <translation>Installieren Sie das Paket gguf, oder wählen Sie Gewichte in safetensors.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="50"/>
        <source>Choose the file in another precision.</source>
        <translation>Wählen Sie die Datei in einer anderen Genauigkeit.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="51"/>
        <source>Choose the model in another precision.</source>
        <translation>Wählen Sie das Modell in einer anderen Genauigkeit.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="52"/>
        <source>The modulation table was made for another model or prompt.</source>
        <translation>Die Modulationstabelle wurde für ein anderes Modell oder einen anderen Prompt gemacht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="53"/>
        <source>The modulation table was made for {backbone}, a different one.</source>
        <translation>Die Modulationstabelle wurde für {backbone} gemacht, ein anderes.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="56"/>
        <source>The modulation table of {backbone} has other sizes.</source>
        <translation>Die Modulationstabelle von {backbone} hat andere Größen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="57"/>
        <source>The modulation table has no row for sigma {sigma}.</source>
        <translation>Die Modulationstabelle hat keine Zeile für Sigma {sigma}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="58"/>
        <source>The modulation table {file} is missing.</source>
        <translation>Die Modulationstabelle {file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="59"/>
        <source>The modulation table {file} is damaged.</source>
        <translation>Die Modulationstabelle {file} ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="60"/>
        <source>{file} does not hold a modulation table.</source>
        <translation>{file} enthält keine Modulationstabelle.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="61"/>
        <source>Make the table again.</source>
        <translation>Machen Sie die Tabelle neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="62"/>
        <source>Make the table again for this number of steps.</source>
        <translation>Machen Sie die Tabelle für diese Zahl von Schritten neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="63"/>
        <source>The prompt file {file} is missing.</source>
        <translation>Die Promptdatei {file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="64"/>
        <source>The prompt file {file} is damaged.</source>
        <translation>Die Promptdatei {file} ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="65"/>
        <source>{file} does not hold a prompt.</source>
        <translation>{file} enthält keinen Prompt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="66"/>
        <source>The prompt {file} was embedded for {family}, not for {wanted}.</source>
        <translation>Der Prompt {file} wurde für {family} übersetzt, nicht für {wanted}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="69"/>
        <source>The prompt {file} was embedded by another text encoder than {model}&apos;s.</source>
        <translation>Der Prompt {file} wurde von einem anderen Textkodierer übersetzt als dem von {model}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="72"/>
        <source>The prompt {file} cannot be written: {error}</source>
        <translation>Der Prompt {file} lässt sich nicht schreiben: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="73"/>
        <source>The text encoder has {layers} layers, not {least} or more</source>
        <translation>Der Textkodierer hat {layers} Schichten, nicht {least} oder mehr</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="74"/>
        <source>The text encoder lacks {name} and {count} more</source>
        <translation>Dem Textkodierer fehlen {name} und {count} weitere</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="75"/>
        <source>{file} of the text encoder is damaged: {error}</source>
        <translation>{file} des Textkodierers ist beschädigt: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="76"/>
        <source>The text encoder&apos;s files do not fit together: {error}</source>
        <translation>Die Dateien des Textkodierers passen nicht zusammen: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="77"/>
        <source>transformers cannot be loaded: {error}</source>
        <translation>transformers lässt sich nicht laden: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="78"/>
        <source>Remove the file and install it again.</source>
        <translation>Entfernen Sie die Datei, und installieren Sie sie neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="79"/>
        <source>Reinstall the program.</source>
        <translation>Installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="80"/>
        <source>Reinstall the program, or choose another model.</source>
        <translation>Installieren Sie das Programm neu, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="84"/>
        <source>The adapter {file} is missing.</source>
        <translation>Der Adapter {file} fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="85"/>
        <source>The adapter {file} is damaged.</source>
        <translation>Der Adapter {file} ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="86"/>
        <source>{file} was made for {backbone}, not for {wanted}.</source>
        <translation>{file} wurde für {backbone} gemacht, nicht für {wanted}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="87"/>
        <source>{file} does not fit {backbone}.</source>
        <translation>{file} passt nicht zu {backbone}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="88"/>
        <source>{file} does not hold an adapter for FLUX.</source>
        <translation>{file} enthält keinen Adapter für FLUX.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="89"/>
        <source>{file} has an incomplete header.</source>
        <translation>{file} hat einen unvollständigen Kopf.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="90"/>
        <source>{file} is not a LoRA for this model: {reason}.</source>
        <translation>{file} ist keine LoRA für dieses Modell: {reason}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="91"/>
        <source>{file} was made for a model of another size.</source>
        <translation>{file} wurde für ein Modell anderer Größe gemacht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="92"/>
        <source>{file} does not say how strong it is: {error}.</source>
        <translation>{file} sagt nicht, wie stark es ist: {error}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="93"/>
        <source>Take another copy of it, or another LoRA.</source>
        <translation>Nehmen Sie eine andere Kopie davon, oder eine andere LoRA.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="94"/>
        <source>The network that {file} is for is missing.</source>
        <translation>Das Netz, für das {file} gemacht ist, fehlt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="95"/>
        <source>{file} was made for another version of the predictor.</source>
        <translation>{file} wurde für eine andere Version des Netzes gemacht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="96"/>
        <source>{file} does not hold a task adapter.</source>
        <translation>{file} enthält keinen Adapter für eine Aufgabe.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="97"/>
        <source>{file} does not fit the predictor.</source>
        <translation>{file} passt nicht zum Netz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="98"/>
        <source>The model has no adapter for the task “{task}”.</source>
        <translation>Das Modell hat keinen Adapter für die Aufgabe „{task}“.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="99"/>
        <source>The model has no weights for this: *.{kind}.safetensors.</source>
        <translation>Das Modell hat keine Gewichte dafür: *.{kind}.safetensors.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="100"/>
        <source>{model} cannot restore without an adapter</source>
        <translation>{model} kann ohne Adapter nicht restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="101"/>
        <source>Give one with --adapter, or choose a model that needs none.</source>
        <translation>Wählen Sie einen, oder ein Modell, das keinen braucht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="102"/>
        <source>Check its place.</source>
        <translation>Prüfen Sie, wo er liegt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="103"/>
        <source>{file} is no adapter for {model}.</source>
        <translation>{file} ist kein Adapter für {model}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="104"/>
        <source>Take one made for {model}; those for the embedded model go with --model lite.</source>
        <translation>Nehmen Sie einen, der für {model} gemacht ist; die für das eingebaute Modell gehören zu Lite.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="107"/>
        <source>{file} takes prompts of {tokens} tokens, not {count}.</source>
        <translation>{file} nimmt Prompts von {tokens} Token, nicht {count}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="108"/>
        <source>{file} was trained on another texture prior than this one.</source>
        <translation>{file} wurde auf einem anderen Strukturmodell trainiert als diesem.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="109"/>
        <source>{file} does not hold guidance for a texture prior.</source>
        <translation>{file} enthält keine Führung für ein Strukturmodell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="110"/>
        <source>{file} was made for a path that a texture prior does not take.</source>
        <translation>{file} wurde für einen Weg gemacht, den ein Strukturmodell nicht geht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="113"/>
        <source>{file} does not fit the texture prior.</source>
        <translation>{file} passt nicht zum Strukturmodell.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="114"/>
        <source>Take an adapter that was made for it, or train it anew with “train texture”.</source>
        <translation>Nehmen Sie einen Adapter, der dafür gemacht ist, oder trainieren Sie ihn neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="117"/>
        <source>Train it anew with “train texture”.</source>
        <translation>Trainieren Sie ihn neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="118"/>
        <source>Choose the model that the adapter names.</source>
        <translation>Wählen Sie das Modell, das der Adapter nennt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="119"/>
        <source>{file} is not a table</source>
        <translation>{file} ist keine Tabelle</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="120"/>
        <source>{file}: the schedule is a table of its own</source>
        <translation>{file}: Der Ablauf ist eine Tabelle für sich</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="121"/>
        <source>{file} is not a usable trajectory: {error}</source>
        <translation>{file} ist kein brauchbarer Weg: {error}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/sentences/weight_sentences.py" line="122"/>
        <source>Correct the trajectory file, or take another adapter.</source>
        <translation>Berichtigen Sie die Datei des Weges, oder nehmen Sie einen anderen Adapter.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="8"/>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="9"/>
        <source>Neutral greys around the photo, so that no colour of the window misleads the eye.</source>
        <translation>Neutrales Grau um das Foto, damit keine Farbe des Fensters das Auge täuscht.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="13"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="14"/>
        <source>Mid grey</source>
        <translation>Mittelgrau</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="15"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="16"/>
        <source>Size of texts and buttons</source>
        <translation>Größe von Text und Knöpfen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="17"/>
        <source>Photos are not affected: 100 % stays one photo pixel per screen pixel.</source>
        <translation>Fotos betrifft das nicht: 100 % bleibt ein Pixel des Fotos auf einem Pixel des Bildschirms.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="20"/>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="21"/>
        <source>Changes at once.</source>
        <translation>Wechselt sofort.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="22"/>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="23"/>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="24"/>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="25"/>
        <source>Reduced motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="26"/>
        <source>Nothing slides or pulses.</source>
        <translation>Nichts gleitet oder pulsiert.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="27"/>
        <source>Start maximised</source>
        <translation>Maximiert starten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="28"/>
        <source>Fill the screen at every start.</source>
        <translation>Bei jedem Start den Bildschirm füllen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="29"/>
        <source>Profile of the screen</source>
        <translation>Profil des Bildschirms</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="30"/>
        <source>The .icc file of your calibrated screen. Empty: the screen is taken as sRGB.</source>
        <translation>Die .icc-Datei Ihres kalibrierten Bildschirms. Leer: Der Bildschirm gilt als sRGB.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="33"/>
        <source>Restore at once</source>
        <translation>Sofort restaurieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="34"/>
        <source>Begin with the chosen preset as soon as a photo is opened.</source>
        <translation>Mit der gewählten Vorgabe beginnen, sobald ein Foto geöffnet ist.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="35"/>
        <source>Ask before removing</source>
        <translation>Vor dem Entfernen fragen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="36"/>
        <source>Ask before photos are taken off the list.</source>
        <translation>Fragen, bevor Fotos aus der Liste genommen werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="37"/>
        <source>Ask before quitting</source>
        <translation>Vor dem Beenden fragen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="38"/>
        <source>Ask when photos are still being restored.</source>
        <translation>Fragen, wenn noch Fotos restauriert werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="39"/>
        <source>Go on after an interruption</source>
        <translation>Nach einer Unterbrechung weitermachen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="40"/>
        <source>Photos that were left undone, by a crash or a power cut, are taken up at the start.</source>
        <translation>Fotos, die nach Absturz oder Stromausfall liegen blieben, werden beim Start wieder aufgenommen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="44"/>
        <source>Disk space for results (GB)</source>
        <translation>Speicherplatz für Ergebnisse (GB)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="45"/>
        <source>Results are kept while the program runs, so that you can flip between them.</source>
        <translation>Ergebnisse bleiben erhalten, solange das Programm läuft, damit Sie zwischen ihnen wechseln können.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="48"/>
        <source>Compute on</source>
        <translation>Rechnen mit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="49"/>
        <source>Automatic takes the graphics card if there is one that can be used.</source>
        <translation>Automatisch nimmt die Grafikkarte, wenn es eine brauchbare gibt.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="52"/>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="53"/>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="54"/>
        <source>NVIDIA card</source>
        <translation>NVIDIA-Karte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/setting_words.py" line="55"/>
        <source>Apple</source>
        <translation>Apple</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <location filename="../../restorer_app/gui/pages/settings_page.py" line="77"/>
        <location filename="../../restorer_app/gui/pages/settings_page.py" line="87"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="42"/>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="57"/>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="51"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="72"/>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="76"/>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="77"/>
        <source>Move it in the filmstrip</source>
        <translation>Im Filmstreifen verschieben</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="78"/>
        <source>Remove from the list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="81"/>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="82"/>
        <source>Keep, restore, erase</source>
        <translation>Behalten, restaurieren, radieren</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/pages/shortcut_sheet.py" line="83"/>
        <source>Smaller or larger</source>
        <translation>Kleiner oder größer</translation>
    </message>
</context>
<context>
    <name>SpokenTime</name>
    <message>
        <location filename="../../restorer_app/gui/spoken_time.py" line="13"/>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/spoken_time.py" line="16"/>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/spoken_time.py" line="18"/>
        <source>{} h {} min</source>
        <translation>{} h {} min</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/spoken_time.py" line="23"/>
        <source>about {}</source>
        <translation>etwa {}</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="30"/>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="31"/>
        <source>Reading the blur</source>
        <translation>Unschärfe wird gemessen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="32"/>
        <location filename="../../restorer_app/gui/step_words.py" line="33"/>
        <source>Restoring</source>
        <translation>Wird restauriert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="34"/>
        <source>Painting texture</source>
        <translation>Textur wird gemalt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="35"/>
        <source>Mixing</source>
        <translation>Mischt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="36"/>
        <source>Saving</source>
        <translation>Sichert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="37"/>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="12"/>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="13"/>
        <source>Detail</source>
        <translation>Details</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="14"/>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="15"/>
        <source>Grain</source>
        <translation>Korn</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="16"/>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="17"/>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="18"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="19"/>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="20"/>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="21"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="22"/>
        <source>Adapter</source>
        <translation>Adapter</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="23"/>
        <source>Damage mask</source>
        <translation>Schadensmaske</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="24"/>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="25"/>
        <source>Reset all</source>
        <translation>Alles zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="26"/>
        <source>Variant {}</source>
        <translation>Variante {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/step_words.py" line="27"/>
        <source>Paste settings to {}</source>
        <translation>Einstellungen auf {} einfügen</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="24"/>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="25"/>
        <source>JPEG artifacts</source>
        <translation>JPEG-Artefakte</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="26"/>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="27"/>
        <source>Rain</source>
        <translation>Regen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="28"/>
        <source>Snow</source>
        <translation>Schnee</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="31"/>
        <source>Flux paints pictures</source>
        <translation>Flux malt Bilder</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="32"/>
        <source>The good ones are picked</source>
        <translation>Gute werden ausgewählt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="33"/>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="35"/>
        <source>Pairs are prepared</source>
        <translation>Paare werden vorbereitet</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="34"/>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="36"/>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="37"/>
        <source>The adapter learns</source>
        <translation>Der Adapter lernt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="40"/>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="41"/>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="42"/>
        <source>Stopping…</source>
        <translation>Wird angehalten…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="43"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="44"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="45"/>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="48"/>
        <source>Give the training a name, with letters or digits.</source>
        <translation>Geben Sie dem Training einen Namen, mit Buchstaben oder Ziffern.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="51"/>
        <source>There is a training called “{what}” already. Give this one another name.</source>
        <translation>Es gibt schon ein Training namens „{what}“. Geben Sie diesem einen anderen Namen.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="54"/>
        <source>There is no folder “{what}”. Choose one with clean photos.</source>
        <translation>Es gibt keinen Ordner „{what}“. Wählen Sie einen mit sauberen Fotos.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="57"/>
        <source>“{what}” may not be read. Choose another folder.</source>
        <translation>„{what}“ darf nicht gelesen werden. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="60"/>
        <source>Too few photos lie in “{what}”: {found}, and at least {needed} are needed. JPEG, PNG, TIFF and WebP count.</source>
        <translation>In „{what}“ liegen zu wenige Fotos: {found}; mindestens {needed} sind nötig. Es zählen JPEG, PNG, TIFF und WebP.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="65"/>
        <source>All photos in “{what}” would take {needed} of memory, and this computer has {found}. Choose a folder with fewer or smaller ones.</source>
        <translation>Alle Fotos in „{what}“ würden {needed} Arbeitsspeicher brauchen, und dieser Computer hat {found}. Wählen Sie einen Ordner mit weniger oder kleineren.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="70"/>
        <source>“{what}” is no recipe. Choose another file, or one of ours.</source>
        <translation>„{what}“ ist kein Rezept. Wählen Sie eine andere Datei oder eines von unseren.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="73"/>
        <source>The recipe “{what}” does not teach this. Choose another one.</source>
        <translation>Das Rezept „{what}“ lehrt das nicht. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="76"/>
        <source>The training takes up to {needed}, and {found} are free in “{what}”. Make room there.</source>
        <translation>Das Training braucht bis zu {needed}, und in „{what}“ sind {found} frei. Schaffen Sie dort Platz.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="83"/>
        <source>It was ended from outside, perhaps for lack of memory.</source>
        <translation>Es wurde von außen beendet, vielleicht weil der Speicher nicht reichte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="84"/>
        <source>Close other programs, and go on where it was.</source>
        <translation>Schließen Sie andere Programme und machen Sie dort weiter, wo es war.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="87"/>
        <source>It broke off: {}</source>
        <translation>Es brach ab: {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="88"/>
        <source>The file said.txt in its folder tells more.</source>
        <translation>Die Datei said.txt in seinem Ordner sagt mehr.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="91"/>
        <source>It cannot be started: {}</source>
        <translation>Es lässt sich nicht starten: {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="92"/>
        <source>Install the program anew.</source>
        <translation>Installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="112"/>
        <source>Against: {}</source>
        <translation>Gegen: {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="114"/>
        <source>For {}</source>
        <translation>Für {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="116"/>
        <source>{} pictures of its own</source>
        <translation>{} selbst gemalte Bilder</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="118"/>
        <source>photos in {}</source>
        <translation>Fotos in {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="119"/>
        <source>{} h</source>
        <translation>{} h</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="142"/>
        <source>step {}</source>
        <translation>Schritt {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="144"/>
        <source>picture {} of {}</source>
        <translation>Bild {} von {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="146"/>
        <source>{} left</source>
        <translation>noch {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="154"/>
        <source>Choose a folder with clean photos.</source>
        <translation>Wählen Sie einen Ordner mit sauberen Fotos.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="179"/>
        <source>Restoring photos goes on meanwhile, more slowly.</source>
        <translation>Das Restaurieren von Fotos geht inzwischen weiter, nur langsamer.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="181"/>
        <source>What is done is kept. It goes on there.</source>
        <translation>Was getan ist, bleibt erhalten. Dort geht es weiter.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_words.py" line="183"/>
        <source>This step begins anew when it goes on.</source>
        <translation>Dieser Schritt beginnt von vorn, wenn es weitergeht.</translation>
    </message>
</context>
<context>
    <name>TrainingFlow</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_flow.py" line="77"/>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_flow.py" line="175"/>
        <source>Remove the training “{}”, with its adapter? It cannot be brought back.</source>
        <translation>Das Training „{}“ mit seinem Adapter entfernen? Es kann nicht zurückgeholt werden.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_flow.py" line="177"/>
        <source>Remove a training</source>
        <translation>Ein Training entfernen</translation>
    </message>
</context>
<context>
    <name>TrainingForm</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="99"/>
        <source>One training at a time: another one runs.</source>
        <translation>Immer nur ein Training: Ein anderes läuft.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="124"/>
        <source>New training</source>
        <translation>Neues Training</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="126"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="127"/>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="128"/>
        <source>Against</source>
        <translation>Gegen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="129"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="130"/>
        <source>Clean photos</source>
        <translation>Saubere Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="131"/>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="132"/>
        <source>Learns for</source>
        <translation>Lernzeit</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="145"/>
        <source>Such as: My camera at ISO 6400</source>
        <translation>Etwa: Meine Kamera bei ISO 6400</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="146"/>
        <source>One kind of damage (Lite)</source>
        <translation>Eine Art von Schaden (Lite)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="147"/>
        <source>Texture (Lite Texture, Flux)</source>
        <translation>Struktur (Lite Texture, Flux)</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="148"/>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="244"/>
        <source>Takes up to {} on the disk.</source>
        <translation>Braucht bis zu {} auf der Platte.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="246"/>
        <source>{} are free there.</source>
        <translation>{} sind dort frei.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="250"/>
        <source>Without a graphics card that fits, this takes days.</source>
        <translation>Ohne passende Grafikkarte dauert das Tage.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_form.py" line="252"/>
        <source>Learning takes more graphics memory than restoring.</source>
        <translation>Lernen braucht mehr Grafikspeicher als Restaurieren.</translation>
    </message>
</context>
<context>
    <name>TrainingMark</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_mark.py" line="49"/>
        <source>stopping…</source>
        <translation>hält an…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_mark.py" line="54"/>
        <source>Training “{}”: {}</source>
        <translation>Training „{}“: {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_mark.py" line="55"/>
        <source>Opens the page of trainings</source>
        <translation>Öffnet die Seite der Trainings</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="167"/>
        <source>Progress of {title}: {step}</source>
        <translation>Fortschritt von {title}: {step}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="178"/>
        <source>The adapter lies in {}</source>
        <translation>Der Adapter liegt in {}</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="192"/>
        <source>Used for this photo</source>
        <translation>Für dieses Foto in Gebrauch</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="194"/>
        <source>Use it for this photo</source>
        <translation>Für dieses Foto nehmen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="195"/>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="195"/>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="196"/>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="197"/>
        <source>Show the folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="198"/>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_panel.py" line="207"/>
        <source>One training at a time: another one runs.</source>
        <translation>Immer nur ein Training: Ein anderes läuft.</translation>
    </message>
</context>
<context>
    <name>TrainingPhotos</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="75"/>
        <source>Clean photos</source>
        <translation>Saubere Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="76"/>
        <source>A folder of your own good photos</source>
        <translation>Ein Ordner mit eigenen guten Fotos</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="77"/>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="78"/>
        <source>Choose the folder of clean photos</source>
        <translation>Den Ordner mit sauberen Fotos wählen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="79"/>
        <source>Let Flux paint them:</source>
        <translation>Flux malen lassen:</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="80"/>
        <source>How many pictures are painted</source>
        <translation>Wie viele Bilder gemalt werden</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="81"/>
        <source>pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/training_photos.py" line="84"/>
        <source>Choose a folder of clean photos</source>
        <translation>Einen Ordner mit sauberen Fotos wählen</translation>
    </message>
</context>
<context>
    <name>TrainingsPage</name>
    <message>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="82"/>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="83"/>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="86"/>
        <source>Teach an adapter what your own photos look like: your subjects, your light, your lenses. It learns on this computer, from clean photos that are damaged on purpose. Nothing leaves it.</source>
        <translation>Bringen Sie einem Adapter bei, wie Ihre eigenen Fotos aussehen: Ihre Motive, Ihr Licht, Ihre Objektive. Er lernt auf diesem Computer, aus sauberen Fotos, die mit Absicht beschädigt werden. Nichts verlässt ihn.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="91"/>
        <source>Your trainings</source>
        <translation>Ihre Trainings</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="92"/>
        <source>They lie in {}.</source>
        <translation>Sie liegen in {}.</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/trainings/trainings_page.py" line="95"/>
        <source>What lies in {} cannot be read, and is left as it is.</source>
        <translation>Was in {} liegt, ist nicht lesbar und bleibt, wie es ist.</translation>
    </message>
</context>
<context>
    <name>ViewBar</name>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="143"/>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="197"/>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="199"/>
        <source>Split: drag the line across the picture</source>
        <translation>Teilung: die Linie über das Bild ziehen</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="200"/>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="201"/>
        <source>One above the other</source>
        <translation>Übereinander</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="202"/>
        <source>Result alone; hold Space for the original</source>
        <translation>Nur das Ergebnis; Leertaste halten für das Original</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="203"/>
        <source>Difference between before and after</source>
        <translation>Unterschied zwischen vorher und nachher</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="207"/>
        <source>Show what the source does not support</source>
        <translation>Zeigen, was die Vorlage nicht belegt</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="208"/>
        <source>Loupe</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="210"/>
        <source>Smaller</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="211"/>
        <source>Larger</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="212"/>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="214"/>
        <source>100 %: one pixel of the photo to one of the screen</source>
        <translation>100 %: ein Pixel des Fotos auf einem des Bildschirms</translation>
    </message>
    <message>
        <location filename="../../restorer_app/gui/view_bar.py" line="216"/>
        <source>Size on screen</source>
        <translation>Größe auf dem Bildschirm</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <location filename="../../restorer_app/gui/watching.py" line="61"/>
        <location filename="../../restorer_app/gui/watching.py" line="100"/>
        <source>Watch a folder</source>
        <translation>Einen Ordner überwachen</translation>
    </message>
</context>
</TS>
