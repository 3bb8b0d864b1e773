package org.contactsync.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a device wanted to have done, every request that it sent for it, and what came of it. Times are nanoseconds since the
 * start of the run. Thread-safe.
 */
final class Operation {
    /** One PATCH, an upload of one of the three kinds, or the restore of a contact or of the book. */
    enum Kind {
        PATCH,
        INITIAL,
        REPLACE,
        CHANGES,
        TRASH,
        RESTORE;

        boolean replaces() {
            return this == INITIAL || this == REPLACE;
        }

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The kind of its row. */
        String stored() {
            return this == PATCH || isRestore() ? "INCREMENTAL" : name();
        }

        boolean isRestore() {
            return this == TRASH || this == RESTORE;
        }
    }

    /**
     * What is sent, the same at every attempt.
     *
     * @param key the idempotency key
     * @param edits the changes; of a full upload all contacts; of a restore none
     * @param target of a restore the uid or the check code; otherwise empty
     */
    record Request(
            int number,
            String user,
            String device,
            Kind kind,
            UUID key,
            String firstCode,
            boolean rebase,
            List<Edit> edits,
            String target) {
        Request {
            edits = List.copyOf(edits);
        }

        /** No restore. */
        Request(
                int number,
                String user,
                String device,
                Kind kind,
                UUID key,
                String firstCode,
                boolean rebase,
                List<Edit> edits) {
            this(number, user, device, kind, key, firstCode, rebase, edits, "");
        }
    }

    /** One request and what came of it: the status and problem, or why there was no answer. */
    record Attempt(String step, String instance, long invoked, long returned, String came) {}

    private final Request request;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();
    private Outcome outcome = new Outcome.Unknown("not sent");
    private Optional<Long> promised = Optional.empty();
    private Optional<Long> settled = Optional.empty();

    Operation(Request request) {
        this.request = request;
    }

    Request request() {
        return request;
    }

    synchronized void attempted(Attempt attempt) {
        attempts.add(attempt);
    }

    /** The service has said that the operation has its place: 200, 202, or the first acknowledgement of an upload. */
    synchronized void promised(long at) {
        if (promised.isEmpty()) {
            promised = Optional.of(at);
        }
    }

    /** Takes over what is known; a second definite outcome that is not the first one is a contradiction. */
    synchronized void is(Outcome known, long at) {
        boolean definite = !(known instanceof Outcome.Unknown);
        if (outcome instanceof Outcome.Unknown) {
            outcome = known;
            settled = definite ? Optional.of(at) : Optional.empty();
        } else if (definite && !known.equals(outcome)) {
            contradictions.add("was told " + outcome + " and later " + known);
        }
    }

    /** What a service that keeps its promises never says. */
    synchronized void contradicted(String what) {
        contradictions.add(what);
    }

    synchronized Outcome outcome() {
        return outcome;
    }

    synchronized boolean isUnknown() {
        return outcome instanceof Outcome.Unknown;
    }

    synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    synchronized List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    synchronized Optional<Long> promised() {
        return promised;
    }

    /** When the device knew the definite outcome. */
    synchronized Optional<Long> settled() {
        return settled;
    }

    /** When its first request was sent; empty when none was. */
    synchronized Optional<Long> invoked() {
        return attempts.stream().map(Attempt::invoked).min(Long::compare);
    }

    /** All of it, for somebody who looks for a fault. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder("#%d %s %s %s/%s key=%s first=%s rebase=%s %s%n"
                .formatted(
                        request.number(),
                        request.kind(),
                        request.target(),
                        request.user(),
                        request.device(),
                        request.key(),
                        request.firstCode(),
                        request.rebase(),
                        outcome));
        request.edits().forEach(edit -> text.append("      ").append(edit).append(System.lineSeparator()));
        for (Attempt each : attempts) {
            text.append("      %9.3f – %9.3f s  %-9s to %s: %s%n"
                    .formatted(each.invoked() / 1e9, each.returned() / 1e9, each.step(), each.instance(), each.came()));
        }
        return text.toString();
    }
}
