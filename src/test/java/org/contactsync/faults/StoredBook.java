package org.contactsync.faults;

import java.util.List;
import java.util.Optional;

/**
 * What the database has of one user.
 *
 * @param checkKey 32 bytes, hexadecimal, as all hashes here
 * @param openTasks unfinished tasks that wait, as the book counts them
 * @param held whether an upload has the queue
 * @param waitingSteps rows of tasks that wait
 * @param contacts of the current generation, tombstones too
 * @param tasks in no order
 * @param history in ascending order
 */
record StoredBook(
        String checkKey,
        long count,
        String sum,
        long seq,
        int openTasks,
        boolean held,
        int waitingSteps,
        List<Row> contacts,
        List<Task> tasks,
        List<PastReading.Change> history) {
    /** A contact; without a card it is a tombstone. */
    record Row(String uid, Optional<String> card, Optional<String> contentHash, int position, String entry, long seq) {}

    /** A task with what came of it, when it was applied. */
    record Task(String id, String kind, String state, Optional<Long> seqAfter, Optional<String> codeAfter) {}

    StoredBook {
        contacts = List.copyOf(contacts);
        tasks = List.copyOf(tasks);
        history = List.copyOf(history);
    }
}
