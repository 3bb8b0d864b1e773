package org.contactsync.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.step.Step.OpenUpload;

/** An upload as its client and an onlooker know it. */
final class PlainUpload {
    final OpenUpload open;
    final TestDevice device;
    /** What the client means to send, by chunk. */
    final List<List<Change>> planned;
    /** What was acknowledged, by chunk, and how. */
    final List<List<Change>> staged = new ArrayList<>();

    final List<Outcome> acknowledgements = new ArrayList<>();
    boolean opened;
    boolean ended;
    Instant leaseUntil = Instant.MAX;

    PlainUpload(OpenUpload open, TestDevice device, List<List<Change>> planned) {
        this.open = open;
        this.device = device;
        this.planned = planned;
    }

    List<Change> allStaged() {
        return staged.stream().flatMap(List::stream).toList();
    }

    boolean begun() {
        return !staged.isEmpty();
    }
}
