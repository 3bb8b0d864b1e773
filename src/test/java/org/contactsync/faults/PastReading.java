package org.contactsync.faults;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device read of what the book was.
 *
 * @param invoked nanoseconds since the start of the run
 * @param checkCode of the book at that time
 * @param changes a page of the history, the latest first, when that was asked for
 * @param trash all deleted contacts, uid and canonical card, when those were asked for
 */
record PastReading(
        String device,
        String instance,
        long invoked,
        String checkCode,
        Optional<List<Change>> changes,
        Optional<Map<String, String>> trash) {
    /** A task that changed the book. */
    record Change(long seq, String task, String before, String after, long count) {}
}
