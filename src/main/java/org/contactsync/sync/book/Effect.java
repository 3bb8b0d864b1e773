package org.contactsync.sync.book;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.book.Contacts.Mark;
import org.contactsync.sync.book.Contacts.Writes;

/**
 * The effect that changes would have on a book, computed before anything is written: O(changes), whatever the book's size.
 *
 * @param digest of the book afterwards
 * @param writes of the book's contacts
 * @param growth bytes of added cards minus those of removed cards
 * @param puts contacts added or changed, without those sent unchanged
 * @param deletes contacts deleted, without those that do not exist
 */
public record Effect(BookDigest digest, Writes writes, long growth, long puts, long deletes) {
    /**
     * @param digest of the book, or of the book including earlier staged changes
     * @param stored rows of the contacts that {@code changes} touch
     * @param seq that the book is going to have
     */
    public static Effect of(
            BookDigest digest,
            CheckCodes codes,
            Collection<Change> changes,
            Map<Uid, Mark> stored,
            long seq,
            Optional<DeviceId> device) {
        BookDigest result = digest;
        List<StoredContact> writes = new ArrayList<>();
        long growth = 0;
        long puts = 0;
        long deletes = 0;
        for (Change change : changes) {
            Optional<Mark> before = Optional.ofNullable(stored.get(change.uid()));
            Optional<StoredContact> after = after(change, before, codes, seq, device);
            if (after.isEmpty()) {
                continue;
            }
            if (before.isPresent() && before.get().hash().isPresent()) {
                result = result.minus(before.get().entry());
            }
            if (after.get().now().isPresent()) {
                result = result.plus(after.get().entry());
                puts++;
            } else {
                deletes++;
            }
            growth += after.get().now().map(content -> content.card().length()).orElse(0)
                    - before.map(Mark::bytes).orElse(0);
            writes.add(after.get());
        }
        return new Effect(result, new Writes(List.copyOf(writes), Set.copyOf(stored.keySet())), growth, puts, deletes);
    }

    /** The contacts that differ from what their change expects; empty if none does. */
    public static Optional<ContactConflict> conflict(
            List<Change> changes, Map<Uid, Mark> stored, CheckCodes codes, BookDigest digest) {
        List<Conflict> conflicts = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Optional<ContentHash> actual =
                    Optional.ofNullable(stored.get(change.uid())).flatMap(Mark::hash);
            if (change.expected().isPresent() && !change.expected().get().hash().equals(actual)) {
                conflicts.add(new Conflict(change.uid(), i, actual));
            }
        }
        return conflicts.isEmpty()
                ? Optional.empty()
                : Optional.of(new ContactConflict(conflicts, codes.checkCode(digest)));
    }

    /** A contact from an upload. */
    public static StoredContact contact(Change.Put put, CheckCodes codes, long seq, Optional<DeviceId> device) {
        ContentHash hash = codes.contentHash(put.card());
        return new StoredContact(
                put.uid(),
                Optional.of(new Content(put.card(), hash)),
                codes.position(put.uid()),
                codes.entry(put.uid(), hash),
                seq,
                device);
    }

    /** The row after the change; empty if the change has no effect. */
    private static Optional<StoredContact> after(
            Change change, Optional<Mark> before, CheckCodes codes, long seq, Optional<DeviceId> device) {
        Optional<ContentHash> old = before.flatMap(Mark::hash);
        if (change instanceof Change.Put put) {
            StoredContact contact = contact(put, codes, seq, device);
            boolean same = old.equals(contact.now().map(Content::hash));
            return same ? Optional.empty() : Optional.of(contact);
        }
        return old.map(hash -> new StoredContact(
                change.uid(),
                Optional.empty(),
                before.orElseThrow().position(),
                before.orElseThrow().entry(),
                seq,
                device));
    }
}
