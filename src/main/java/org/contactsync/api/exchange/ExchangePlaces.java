package org.contactsync.api.exchange;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.contactsync.bounds.AwaitedPlaces;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;

/** Limits how many files are written and read at once, in total and per user. Thread-safe. */
@ApplicationScoped
public class ExchangePlaces {
    /** A thread of the server writes each; those of clients that read slowly are ended (decision 15). */
    private static final int EXPORTS = 16;

    /** Each takes up to some 100 MB for a moment, when a vCard is made for that. */
    private static final int IMPORTS = 2;

    private static final int WAITING = 8;

    /** Of the exports. Each keeps a processor busy for as long as its client takes what it makes. */
    private static final int ARCHIVES = 4;

    /** Others may wait for two files of the largest size, which take a second or two each on a busy machine. */
    private static final Duration MOMENT = Duration.ofSeconds(5);

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final UserPlaces exports = new UserPlaces(EXPORTS, 1);
    private final UserPlaces archives = new UserPlaces(ARCHIVES, 1);
    private final AwaitedPlaces imports;

    /** Making a vCard is pure work of a processor: the others stay free for everything else. */
    private final Semaphore processors =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    /** The places of an instance. */
    public ExchangePlaces() {
        this(MOMENT);
    }

    /** @param moment for which an import waits for a place */
    ExchangePlaces(Duration moment) {
        imports = new AwaitedPlaces(new UserPlaces(IMPORTS, 1), new UserPlaces(WAITING, 1), moment);
    }

    /** Something that writes an export. */
    interface Writing {
        void run() throws IOException;
    }

    void export(Owner owner, Writing writing) throws IOException {
        refuseUnless(exports.take(owner), "an export of this user is being sent already");
        try {
            writing.run();
        } finally {
            exports.release(owner);
        }
    }

    /** An export of a whole account. */
    void archive(Owner owner, Writing writing) throws IOException {
        refuseUnless(archives.take(owner), "an export of this user is being sent already");
        try {
            export(owner, writing);
        } finally {
            archives.release(owner);
        }
    }

    /** Makes one vCard of an export; exports take turns, whoever reads slowly keeps nobody waiting. */
    byte[] map(Supplier<byte[]> mapping) throws IOException {
        try {
            processors.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is stopping");
        }
        try {
            return mapping.get();
        } finally {
            processors.release();
        }
    }

    <T> T read(Owner owner, Supplier<T> reading) {
        refuseUnless(imports.takeUnlessUserHasMost(owner), "a file of this user is being read already");
        try {
            return reading.get();
        } finally {
            imports.release(owner);
        }
    }

    private static void refuseUnless(Grant grant, String detail) {
        if (grant == Grant.USER_HAS_MOST) {
            throw new ProblemException(new Problem.QuotaExceeded(Quota.CONCURRENT_FILES, 1, detail, RETRY));
        }
        if (grant == Grant.FULL) {
            throw new ProblemException(new Problem.Unavailable(UnavailableReason.TOO_MUCH_WORK, RETRY));
        }
    }
}
