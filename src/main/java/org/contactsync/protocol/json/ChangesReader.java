package org.contactsync.protocol.json;

import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Flaw;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.jspecify.annotations.Nullable;

/**
 * Reads an array of changes, or of whole contacts, and names every flaw of every one before it refuses. For one thread at
 * a time.
 */
final class ChangesReader {
    /** More flaws than this are counted no further: the client has a mapping to mend, not a contact. */
    private static final int MAX_FLAWS = 10_000;

    /** Characters of the name of a member that is not known. */
    private static final int MAX_SHOWN_NAME = 100;

    private final StrictJson json;
    private final Form form;
    private final int mostContacts;
    private final List<ContactFlaw> flaws = new ArrayList<>();
    private final List<ContactFlaw> atFault = new ArrayList<>();
    private final Set<String> uids = new HashSet<>();

    /** What the array holds. */
    enum Form {
        /** {@code {op, uid, card?, ifContentHash? or ifAbsent?}}. */
        CHANGES,
        /** {@code {uid, card}}. */
        CONTACTS,
        /** {@code {uid, card}}: cards that lost a conflict. */
        LOST;

        /** The name of the array in a request. */
        String member() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    ChangesReader(StrictJson json, Form form, int mostContacts) {
        this.json = json;
        this.form = form;
        this.mostContacts = mostContacts;
    }

    /**
     * Reads the array that starts with {@code event}. Those at fault are not in the result.
     *
     * @throws ProblemException {@code content-too-large} over the limit, {@code malformed-request} when it is no array
     */
    List<Change> read(Event event, String pointer) {
        if (event != Event.START_ARRAY) {
            throw ProblemException.malformed(pointer, "an array of objects is expected");
        }
        List<Change> changes = new ArrayList<>();
        int index = 0;
        for (Event each = json.next(); each != Event.END_ARRAY; each = json.next()) {
            if (index == mostContacts) {
                throw ProblemException.of(
                        ProblemType.CONTENT_TOO_LARGE, "at most " + mostContacts + " contacts fit one request");
            }
            if (each == Event.START_OBJECT) {
                readOne(index).ifPresent(changes::add);
            } else {
                json.skip(each);
                add(null, index, "", wrongType("an object is expected"));
            }
            index++;
        }
        return changes;
    }

    /** The flaws found so far, in order. */
    List<ContactFlaw> flaws() {
        return flaws;
    }

    /** One flaw of each contact at fault, in order: at most as many as there are contacts. */
    List<ContactFlaw> atFault() {
        return atFault;
    }

    Form form() {
        return form;
    }

    private Optional<Change> readOne(int index) {
        Draft draft = new Draft();
        List<PendingFlaw> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        CardReader cards = new CardReader(json, (pointer, flaw) -> note(found, pointer, flaw));
        for (Event event = json.next(); event != Event.END_OBJECT; event = json.next()) {
            String name = json.text();
            Event value = json.next();
            if (!seen.add(name)) {
                note(found, pointerOf(name), CardProfile.duplicateKey());
                json.skip(value);
            } else {
                readMember(name, value, draft, cards, found);
            }
        }
        Optional<Change> change = draft.toChange(form, seen, found);
        if (draft.uid != null && !uids.add(draft.uid)) {
            found.add(new PendingFlaw("/uid", new Flaw("duplicate-uid", "a uid stands once in a request")));
        }
        found.forEach(flaw -> add(draft.uid, index, flaw.pointer(), flaw.flaw()));
        return found.isEmpty() ? change : Optional.empty();
    }

    private void readMember(String name, Event value, Draft draft, CardReader cards, List<PendingFlaw> found) {
        if (name.equals("uid")) {
            draft.uid = string(value, "/uid", found);
        } else if (name.equals("card")) {
            if (value == Event.START_OBJECT) {
                draft.card = cards.read("/card").orElse(null);
            } else {
                json.skip(value);
                found.add(new PendingFlaw("/card", wrongType("a card is an object")));
            }
        } else if (name.equals("op") && form == Form.CHANGES) {
            draft.op = string(value, "/op", found);
        } else if (name.equals("ifContentHash") && form == Form.CHANGES) {
            draft.expected = expected(value, found);
        } else if (name.equals("ifAbsent") && form == Form.CHANGES) {
            draft.absent = isTrue(value, found);
        } else {
            json.skip(value);
            note(found, pointerOf(name), new Flaw("unknown-member", "this member is not known here; leave it out"));
        }
    }

    private @Nullable Expected expected(Event value, List<PendingFlaw> found) {
        if (value == Event.VALUE_NULL) {
            return Expected.ABSENT;
        }
        String hex = string(value, "/ifContentHash", found);
        if (hex == null) {
            return null;
        }
        try {
            return new Expected(Optional.of(ContentHash.ofHex(hex)));
        } catch (IllegalArgumentException e) {
            found.add(new PendingFlaw(
                    "/ifContentHash", new Flaw("malformed-hash", "a content hash has 64 lower-case hex digits")));
            return null;
        }
    }

    private boolean isTrue(Event value, List<PendingFlaw> found) {
        if (value != Event.VALUE_TRUE && value != Event.VALUE_FALSE) {
            json.skip(value);
            found.add(new PendingFlaw("/ifAbsent", wrongType("true or false is expected")));
        }
        return value == Event.VALUE_TRUE;
    }

    private @Nullable String string(Event value, String pointer, List<PendingFlaw> found) {
        if (value == Event.VALUE_STRING) {
            return json.text();
        }
        json.skip(value);
        found.add(new PendingFlaw(pointer, wrongType("a string is expected")));
        return null;
    }

    private void add(@Nullable String uid, int index, String pointer, Flaw flaw) {
        boolean first = atFault.isEmpty() || atFault.get(atFault.size() - 1).index() != index;
        if (!first && flaws.size() >= MAX_FLAWS) {
            return;
        }
        // An invalid uid is not echoed: it may not even be writable.
        Optional<String> name =
                Optional.ofNullable(uid).filter(u -> CardProfile.uidFlaw(u).isEmpty());
        ContactFlaw found = new ContactFlaw(name, index, form == Form.LOST ? "/lost" + pointer : pointer, flaw);
        if (first) {
            atFault.add(found);
        }
        if (flaws.size() < MAX_FLAWS) {
            flaws.add(found);
        }
    }

    /** Of the flaws that can be many in one contact. */
    private static void note(List<PendingFlaw> found, String pointer, Flaw flaw) {
        if (found.size() < MAX_FLAWS) {
            found.add(new PendingFlaw(pointer, flaw));
        }
    }

    /** Empty, which is the contact itself, when the name cannot be shown. */
    private static String pointerOf(String name) {
        return name.length() > MAX_SHOWN_NAME || CardProfile.keyFlaw(name).isPresent()
                ? ""
                : "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static Flaw wrongType(String detail) {
        return new Flaw("wrong-type", detail);
    }

    private record PendingFlaw(String pointer, Flaw flaw) {}

    /** A change while its members come in whatever order. */
    private static final class Draft {
        private @Nullable String op;
        private @Nullable String uid;
        private @Nullable CanonicalCard card;
        private @Nullable Expected expected;
        private boolean absent;

        Optional<Change> toChange(Form form, Set<String> seen, List<PendingFlaw> found) {
            boolean put = form != Form.CHANGES || "put".equals(op);
            boolean delete = form == Form.CHANGES && "delete".equals(op);
            if (form == Form.CHANGES) {
                if (!seen.contains("op")) {
                    found.add(missing("/op"));
                } else if (op != null && !put && !delete) {
                    found.add(new PendingFlaw("/op", new Flaw("unknown-op", "op is put or delete")));
                }
            }
            if (!seen.contains("uid")) {
                found.add(new PendingFlaw("/uid", new Flaw("uid-missing", "each contact has a uid")));
            } else if (uid != null) {
                CardProfile.uidFlaw(uid).ifPresent(flaw -> found.add(new PendingFlaw("/uid", flaw)));
            }
            if (put && !seen.contains("card")) {
                found.add(missing("/card"));
            }
            if (delete && seen.contains("card")) {
                found.add(new PendingFlaw("/card", new Flaw("unknown-member", "a delete carries no card")));
            }
            if (absent && seen.contains("ifContentHash") && expected != Expected.ABSENT) {
                found.add(new PendingFlaw(
                        "/ifAbsent",
                        new Flaw("contradicting-preconditions", "ifContentHash and ifAbsent say different things")));
            }
            if (!found.isEmpty() || uid == null) {
                return Optional.empty();
            }
            Optional<Expected> precondition = absent ? Optional.of(Expected.ABSENT) : Optional.ofNullable(expected);
            if (put) {
                return Optional.of(new Change.Put(new Uid(uid), Objects.requireNonNull(card), precondition));
            }
            return Optional.of(new Change.Delete(new Uid(uid), precondition));
        }

        private static PendingFlaw missing(String pointer) {
            return new PendingFlaw(pointer, new Flaw("member-missing", "this member is required"));
        }
    }
}
