package org.contactsync.protocol.outcome;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.contactsync.protocol.problem.ContactFlaw;

/**
 * What was found in a file that was imported.
 *
 * @param contacts how many it has, those at fault included
 * @param flaws of contacts that were not taken; the index is the position in the file
 * @param notes about contacts that were not taken over as they are
 */
public record ImportReport(int contacts, List<ContactFlaw> flaws, List<Note> notes) {
    /** More notes are not listed. */
    public static final int MOST_NOTES = 1_000;

    public ImportReport {
        flaws = List.copyOf(flaws);
        notes = List.copyOf(notes);
    }

    /**
     * About one contact.
     *
     * @param index its position in the file, from 0
     * @param uid empty if it was left out
     * @param code what happened
     */
    public record Note(int index, Optional<String> uid, String code) {}

    /** The same with more notes, as far as they have room. */
    public ImportReport with(List<Note> more) {
        return new ImportReport(
                contacts,
                flaws,
                Stream.concat(notes.stream(), more.stream()).limit(MOST_NOTES).toList());
    }

    /** How many contacts were not taken. */
    public long refused() {
        return flaws.stream().mapToInt(ContactFlaw::index).distinct().count();
    }
}
