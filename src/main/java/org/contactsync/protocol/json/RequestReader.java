package org.contactsync.protocol.json;

import jakarta.json.stream.JsonParser.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.ChangesReader.Form;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.ReplayRequest;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;

/**
 * Reads the bodies of requests (protocol §3). Every method takes the decoded bytes, refuses with a {@link
 * ProblemException} and has no side effect. Thread-safe.
 */
public final class RequestReader {
    private final Limits limits;

    public RequestReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * A request without the contacts at fault.
     *
     * @param leftOut one flaw of each contact that was left out; in its place among changes is one without effect
     * @param lenient whether contacts would have been left out
     */
    public record Taken<T>(T request, List<ContactFlaw> leftOut, boolean lenient) {}

    /** As {@link #incrementalSync(byte[], boolean)}, of which nothing is left out. */
    public IncrementalSync incrementalSync(byte[] body) {
        return incrementalSync(body, false).request();
    }

    /**
     * {@code {changes, checkAfter?, onMismatch?, confirmDeletes?, lost?}}.
     *
     * @param lenient leaves out what is at fault; not if nothing else is there, or if the request says its second check code, which is that of all
     */
    public Taken<IncrementalSync> incrementalSync(byte[] body, boolean lenient) {
        Fields fields = new Fields();
        try (StrictJson json = new StrictJson(body)) {
            ChangesReader changes = new ChangesReader(json, Form.CHANGES, limits.chunkContacts());
            ChangesReader lost = new ChangesReader(json, Form.LOST, Limits.LOST_CARDS);
            readObject(
                    json,
                    fields,
                    Set.of("changes", "checkAfter", "onMismatch", "confirmDeletes", "lost"),
                    List.of(changes, lost));
            List<ContactFlaw> flaws = new ArrayList<>(changes.flaws());
            OnMismatch onMismatch = fields.onMismatch();
            if (onMismatch == OnMismatch.REBASE) {
                addMissingPreconditions(fields.list("changes"), flaws);
            }
            flaws.addAll(lost.flaws());
            List<LostCard> cards =
                    fields.list("lost").stream().map(RequestReader::lost).toList();
            boolean followed = lenient && fields.checkCode("checkAfter").isEmpty();
            if (followed && !flaws.isEmpty()) {
                List<ContactFlaw> leftOut = new ArrayList<>(changes.atFault());
                List<Change> rest = onMismatch == OnMismatch.REBASE
                        ? Lenient.withPreconditions(fields.list("changes"), leftOut)
                        : fields.list("changes");
                if (!rest.isEmpty() || !cards.isEmpty()) {
                    List<Change> all = Lenient.withPlaces(rest, leftOut);
                    leftOut.addAll(lost.atFault());
                    return new Taken<>(
                            new IncrementalSync(
                                    all, Optional.empty(), onMismatch, fields.flag("confirmDeletes"), cards),
                            leftOut,
                            true);
                }
            }
            refuse(flaws);
            return new Taken<>(
                    new IncrementalSync(
                            cards.isEmpty() ? nonEmpty(fields, "changes") : fields.list("changes"),
                            fields.checkCode("checkAfter"),
                            onMismatch,
                            fields.flag("confirmDeletes"),
                            cards),
                    List.of(),
                    followed);
        }
    }

    private static LostCard lost(Change contact) {
        return new LostCard(contact.uid(), ((Change.Put) contact).card());
    }

    /** {@code {kind, checkBefore, chunks, contacts, checkAfter?, confirmDeletes?}}. */
    public UploadPlan uploadPlan(byte[] body) {
        Fields fields = new Fields();
        try (StrictJson json = new StrictJson(body)) {
            readObject(
                    json,
                    fields,
                    Set.of("kind", "checkBefore", "chunks", "contacts", "checkAfter", "confirmDeletes"),
                    List.of());
        }
        TaskKind kind = fields.kind();
        CheckCode before = fields.checkCode("checkBefore")
                .orElseThrow(() -> ProblemException.malformed("/checkBefore", "the first check code is required"));
        long chunks = fields.integer("chunks", limits.chunks());
        long contacts = fields.integer("contacts", limits.bookContacts());
        if (contacts < chunks || chunks == 0 && contacts > 0) {
            throw ProblemException.malformed("/chunks", "each chunk holds at least one contact");
        }
        if (contacts > chunks * limits.chunkContacts()) {
            throw ProblemException.malformed(
                    "/chunks", "a chunk holds at most " + limits.chunkContacts() + " contacts; announce more chunks");
        }
        return new UploadPlan(
                kind, before, (int) chunks, contacts, fields.checkCode("checkAfter"), fields.flag("confirmDeletes"));
    }

    /** As {@link #chunk(byte[], TaskKind, boolean)}, of which nothing is left out. */
    public List<Change> chunk(byte[] body, TaskKind kind) {
        return chunk(body, kind, false).request();
    }

    /**
     * {@code {contacts:[{uid, card}]}} for a kind that replaces the book, {@code {changes:[…]}} otherwise.
     *
     * @param lenient leaves out what is at fault, even if that is all: other chunks may have more
     */
    public Taken<List<Change>> chunk(byte[] body, TaskKind kind, boolean lenient) {
        Form form = kind.replacesBook() ? Form.CONTACTS : Form.CHANGES;
        String name = form.member();
        Fields fields = new Fields();
        try (StrictJson json = new StrictJson(body)) {
            ChangesReader changes = new ChangesReader(json, form, limits.chunkContacts());
            readObject(json, fields, Set.of(name), List.of(changes));
            if (lenient && !changes.atFault().isEmpty()) {
                return new Taken<>(Lenient.withPlaces(fields.list(name), changes.atFault()), changes.atFault(), true);
            }
            refuse(changes.flaws());
            return new Taken<>(nonEmpty(fields, name), List.of(), lenient);
        }
    }

    /** An empty body, {@code null}, which generated clients send for none, or {@code {checkAfter?, confirmDeletes?}}. */
    public UploadCommit commit(byte[] body) {
        Fields fields = new Fields();
        if (body.length > 0) {
            try (StrictJson json = new StrictJson(body)) {
                Event first = json.next();
                if (first == Event.VALUE_NULL) {
                    json.expectEnd();
                } else {
                    readObject(json, first, fields, Set.of("checkAfter", "confirmDeletes"), List.of());
                }
            }
        }
        return new UploadCommit(fields.checkCode("checkAfter"), fields.flag("confirmDeletes"));
    }

    /** {@code {checkCode | seq | time, dryRun?}}. */
    public RestoreTarget restoreTarget(byte[] body) {
        Fields fields = new Fields();
        try (StrictJson json = new StrictJson(body)) {
            readObject(json, fields, Set.of("checkCode", "seq", "time", "dryRun"), List.of());
        }
        Optional<CheckCode> code = fields.checkCode("checkCode");
        OptionalLong seq = fields.number("seq");
        Optional<Instant> time = fields.time("time");
        if ((code.isPresent() ? 1 : 0) + (seq.isPresent() ? 1 : 0) + (time.isPresent() ? 1 : 0) != 1) {
            throw ProblemException.malformed("", "exactly one of checkCode, seq and time is required");
        }
        return new RestoreTarget(code, seq, time, fields.flag("dryRun"));
    }

    /** {@code {owner, fromSeq}}, which an operator sends. */
    public ReplayRequest replay(byte[] body) {
        Fields fields = new Fields();
        try (StrictJson json = new StrictJson(body)) {
            readObject(json, fields, Set.of("owner", "fromSeq"), List.of());
        }
        long fromSeq = fields.number("fromSeq")
                .orElseThrow(() -> ProblemException.malformed("/fromSeq", "an integer of at least 1 is required"));
        return new ReplayRequest(fields.ownerKey("owner"), fromSeq);
    }

    private static void refuse(List<ContactFlaw> flaws) {
        if (!flaws.isEmpty()) {
            throw new ProblemException(new Problem.InvalidContacts(flaws));
        }
    }

    private static List<Change> nonEmpty(Fields fields, String name) {
        List<Change> changes = fields.list(name);
        if (changes.isEmpty()) {
            throw ProblemException.malformed("/" + name, "at least one is required");
        }
        return changes;
    }

    private static void addMissingPreconditions(List<Change> changes, List<ContactFlaw> flaws) {
        if (!flaws.isEmpty()) {
            return;
        }
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).expected().isEmpty()) {
                flaws.add(Lenient.withoutPrecondition(changes.get(i), i));
            }
        }
    }

    private static void readObject(StrictJson json, Fields fields, Set<String> known, List<ChangesReader> lists) {
        readObject(json, json.next(), fields, known, lists);
    }

    private static void readObject(
            StrictJson json, Event first, Fields fields, Set<String> known, List<ChangesReader> lists) {
        if (first != Event.START_OBJECT) {
            throw ProblemException.malformed("", "expected " + Event.START_OBJECT + ", found " + first);
        }
        Set<String> seen = new HashSet<>();
        for (Event event = json.next(); event != Event.END_OBJECT; event = json.next()) {
            String name = json.text();
            if (!known.contains(name)) {
                throw ProblemException.malformed(
                        "",
                        "a member is not known here; known are "
                                + known.stream().sorted().toList());
            }
            if (!seen.add(name)) {
                throw ProblemException.malformed("/" + name, "the member stands twice");
            }
            Event value = json.next();
            Optional<ChangesReader> list = lists.stream()
                    .filter(reader -> reader.form().member().equals(name))
                    .findFirst();
            if (list.isPresent()) {
                fields.setList(name, list.get().read(value, "/" + name));
            } else {
                fields.set(name, value, json);
            }
        }
        json.expectEnd();
    }
}
