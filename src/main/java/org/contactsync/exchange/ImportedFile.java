package org.contactsync.exchange;

import java.util.List;
import java.util.Map;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.request.Change;

/**
 * A file that was read.
 *
 * @param changes a {@code put} for each contact that is not at fault; no uid twice
 * @param made the uids that were made of what contacts are called, because the file has none for them, and their positions in the file
 * @param report of all its contacts
 */
public record ImportedFile(List<Change> changes, Map<Uid, Integer> made, ImportReport report) {
    public ImportedFile {
        changes = List.copyOf(changes);
        made = Map.copyOf(made);
    }
}
