package org.contactsync.client.cli.file;

/** What the notes about imported contacts mean (protocol 4.25.6). */
public final class NoteTexts {
    private NoteTexts() {}

    /** The note in words; the code itself if this version does not know it. */
    public static String of(String code) {
        return switch (code) {
            case "without-media" -> "its picture or sound is too large and was left out";
            case "replaced" ->
                "it has no UID and replaced the contact of the same name; what was there is among its versions";
            case "same-twice" -> "it occurs twice in the file with the same content; it was imported once";
            case "uid-taken" -> "another contact in the file has the same UID; it got one of its own";
            case "line-left-out" -> "a line is not valid vCard and was left out";
            case "charset-guessed" ->
                "it is not UTF-8 and was read as Windows-1252; if that is wrong, import the file again with --charset";
            case "text-damaged" -> "bytes that are not text were replaced by U+FFFD";
            default -> code;
        };
    }
}
