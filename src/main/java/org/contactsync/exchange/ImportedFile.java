package org.contactsync.exchange;

import java.util.List;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.request.Change;

/**
 * A file that was read.
 *
 * @param changes a {@code put} for each contact that is not at fault; no uid twice
 * @param report of all its contacts
 */
public record ImportedFile(List<Change> changes, ImportReport report) {
    public ImportedFile {
        changes = List.copyOf(changes);
    }
}
