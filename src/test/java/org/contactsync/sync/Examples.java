package org.contactsync.sync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.Effect;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.task.UploadProgress;

/** Values for tests that do not care which ones. */
public final class Examples {
    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    public static final Owner ADA = owner("ada");
    public static final Owner BOB = owner("bob");
    public static final CheckCodes CODES = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));
    public static final CheckCode SOME_CODE = new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");
    public static final CheckCode OTHER_CODE = new CheckCode("ck1.IIkDr_OO2pALHZyJpdilgnWivkBoFuAdXRWlmwkjOMk");
    public static final RequestDigest DIGEST = digest("a request");
    public static final ReplyTo REPLY_TO = new ReplyTo("contacts.reply.one", new UUID(1, 2));
    public static final Optional<DeviceId> PHONE = Optional.of(new DeviceId("phone"));
    public static final Optional<DeviceId> TABLET = Optional.of(new DeviceId("tablet"));

    public static final Tasks.Terms TERMS = new Tasks.Terms(true, NOON);

    /** An answer that is kept, with a code. */
    public static final Answer RECEIPT =
            new Answer(200, Optional.of(OTHER_CODE), Optional.empty(), Optional.empty(), "what was done");

    /** An answer that is kept, with a time. */
    public static final Answer REFUSAL =
            new Answer(409, Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(2)), "why not");

    /** An answer that is kept and says nothing. */
    public static final Answer SILENCE = new Answer(204, Optional.empty(), Optional.empty(), Optional.empty(), "");

    /** As the answer to a chunk is kept. */
    public static final Answer ACKNOWLEDGEMENT =
            new Answer(200, Optional.empty(), Optional.empty(), Optional.empty(), "received");

    private Examples() {}

    public static Owner owner(String name) {
        return new Owner("https://issuer.example", name);
    }

    public static Uid uid(int n) {
        return new Uid("uid-" + n);
    }

    public static RequestDigest digest(String text) {
        return RequestDigest.of("test", text.getBytes(StandardCharsets.UTF_8));
    }

    public static CanonicalCard card(String name) {
        String json = "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
        return CanonicalCard.ofTrusted(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A card of so many bytes. */
    public static CanonicalCard cardOf(int bytes) {
        int around = card("").length();
        return card("x".repeat(bytes - around));
    }

    public static Change.Put put(Uid uid, String name) {
        return new Change.Put(uid, card(name), Optional.empty());
    }

    public static Change.Put put(int n, String name) {
        return put(uid(n), name);
    }

    public static Change.Delete delete(int n) {
        return new Change.Delete(uid(n), Optional.empty());
    }

    public static StoredContact contact(Uid uid, String name, long seq) {
        return Effect.contact(put(uid, name), CODES, seq, PHONE);
    }

    public static StoredContact contact(int n, String name, long seq) {
        return contact(uid(n), name, seq);
    }

    public static StoredContact tombstone(int n, long seq) {
        StoredContact was = contact(n, "was", seq);
        return new StoredContact(was.uid(), Optional.empty(), was.position(), was.entry(), seq, TABLET);
    }

    public static TaskId task(int n) {
        return new TaskId(new UUID(new Random(n).nextLong(), n));
    }

    public static SyncTask waiting(int n, long book, Instant acceptedAt) {
        return waiting(n, book, acceptedAt, PHONE, Priority.BACKGROUND, SOME_CODE);
    }

    public static SyncTask waiting(
            int n, long book, Optional<DeviceId> device, Priority priority, CheckCode firstCode) {
        return waiting(n, book, NOON, device, priority, firstCode);
    }

    private static SyncTask waiting(
            int n, long book, Instant acceptedAt, Optional<DeviceId> device, Priority priority, CheckCode firstCode) {
        return new SyncTask(
                task(n),
                book,
                TaskKind.INCREMENTAL,
                TaskState.WAITING,
                device,
                priority,
                acceptedAt,
                DIGEST,
                firstCode,
                REPLY_TO,
                acceptedAt.plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A task without a row does this. */
    public static BookUpdate update(BookState before, BookState after, Writes writes, SyncTask done) {
        return new BookUpdate(before, after, ContactChanges.of(writes), List.of(new EndedTask(done, false, NOON)));
    }

    /** Some task changes the book. */
    public static BookUpdate update(BookState before, BookState after, Writes writes) {
        return update(before, after, ContactChanges.of(writes));
    }

    /** Some task changes the book, or puts another generation in its place. */
    public static BookUpdate update(BookState before, BookState after) {
        return update(
                before,
                after,
                before.generation() == after.generation()
                        ? ContactChanges.NONE
                        : new ContactChanges.Switched(0, 0, 0, 0));
    }

    private static BookUpdate update(BookState before, BookState after, ContactChanges contacts) {
        SyncTask done = waiting((int) after.seq() + 1_000, before.id(), NOON)
                .finished(
                        TaskState.DONE,
                        SILENCE,
                        Optional.of(new SyncTask.Applied(after.seq(), OTHER_CODE)),
                        NOON.plusSeconds(5));
        return new BookUpdate(before, after, contacts, List.of(new EndedTask(done, false, NOON)));
    }

    public static SyncTask upload(int n, long book, TaskKind kind, Instant acceptedAt) {
        UploadPlan plan = new UploadPlan(kind, SOME_CODE, 3, 7, Optional.of(OTHER_CODE), true);
        return new SyncTask(
                task(n),
                book,
                kind,
                TaskState.RECEIVING,
                Optional.empty(),
                Priority.BACKGROUND,
                acceptedAt,
                DIGEST,
                SOME_CODE,
                REPLY_TO,
                acceptedAt.plusSeconds(900),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(UploadProgress.opened(plan)));
    }
}
