package org.contactsync.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.contact.Uid;

/** The result of a push. */
public sealed interface PushResult {
    /** Phone and server agree; both have computed the same code. */
    record Agreed(Summary summary) implements PushResult {}

    /** A dry run: what would have been done. */
    record Planned(Summary summary) implements PushResult {}

    /** Most of the book, or all of it, would be deleted: a person has to agree first. Nothing was changed. */
    record NeedsConfirmation(int deletes, long count) implements PushResult {}

    /** These contacts were changed here and elsewhere, and the push was told to stop then. Nothing was sent. */
    record Conflicting(List<Uid> contacts) implements PushResult {
        public Conflicting {
            contacts = List.copyOf(contacts);
        }
    }

    /** The server refused for a reason that pushing again does not mend. */
    record Refused(ServerProblem problem) implements PushResult {}

    /** After every way was tried the codes still differ: something is wrong with one of the two programs. */
    record Disagreed(CheckCode server, CheckCode own) implements PushResult {}

    /**
     * What was done, or would be.
     *
     * @param unknown contacts on the server that this phone book never had; they are kept
     * @param theirs contacts that another device changed and that are left as it made them
     * @param conflicts contacts that were changed here and elsewhere; {@link OnConflict} says which version was kept
     * @param overwritten the file that holds the other devices' versions, when those were overwritten
     * @param checkCode of the server's book afterwards
     * @param way how it was sent
     * @param repairs how often the server's book was compared with what this client knew of it
     * @param requests HTTP requests, repetitions included
     */
    record Summary(
            int added,
            int changed,
            int deleted,
            int unchanged,
            int unknown,
            List<Uid> theirs,
            List<Uid> conflicts,
            Optional<Path> overwritten,
            CheckCode checkCode,
            Way way,
            int repairs,
            int requests) {
        public Summary {
            theirs = List.copyOf(theirs);
            conflicts = List.copyOf(conflicts);
        }
    }

    /** How changes were sent. */
    enum Way {
        /** There was nothing to send. */
        NOTHING,
        /** The difference in one request. */
        ONE_REQUEST,
        /** The difference in chunks. */
        CHUNKS,
        /** The whole book in chunks. */
        REPLACE
    }
}
