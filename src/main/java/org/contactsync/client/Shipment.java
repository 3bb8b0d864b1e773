package org.contactsync.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.Difference;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.ServerBook;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.client.state.SyncState;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Put;

/**
 * The content of one task for the server.
 *
 * @param changes in a fixed order; puts only when the task replaces the book
 * @param outcome what each touched contact becomes, for the state; in a replacing task also the contacts that vanish
 * @param base the book that running codes start from: empty when the task replaces the book
 * @param before the first check code
 * @param after the second check code, as this client computed it
 * @param chunkContacts contacts of a chunk, if the server and its number of chunks allow it: the same when the task is sent again
 */
public record Shipment(
        TaskKind kind,
        List<Change> changes,
        Map<Uid, Optional<ContentHash>> outcome,
        ServerBook base,
        CheckCode before,
        CheckCode after,
        int chunkContacts) {
    /** Everything of a change on the wire but its card and uid: member names, hash, punctuation. */
    private static final int FRAME_BYTES = 160;

    /**
     * A chunk is not made larger than this even where the server allows it: about 350 KB, so that an acknowledgement comes often
     * enough to show progress and little is sent twice after a break.
     */
    public static final int CHUNK_CONTACTS = 500;

    public Shipment {
        changes = List.copyOf(changes);
        outcome = Collections.unmodifiableMap(new LinkedHashMap<>(outcome));
    }

    /** The changes of a difference, on the book as the state knows it. */
    static Shipment of(Difference difference, SyncState state) {
        boolean first = state.known().contacts().isEmpty();
        return new Shipment(
                first ? TaskKind.INITIAL : TaskKind.CHANGES,
                difference.changes(),
                difference.outcome(),
                difference.before(),
                state.checkCode(),
                difference.after().checkCode(state.codes()),
                CHUNK_CONTACTS);
    }

    /** The whole book as it is to be, made of what the server has and the difference. */
    static Shipment ofWholeBook(Contents contents, Difference difference, CheckCodes codes) {
        TreeMap<Uid, CanonicalCard> book = new TreeMap<>(KnownBook.ORDER);
        book.putAll(contents.contacts());
        for (Change change : difference.changes()) {
            if (change instanceof Put put) {
                book.put(put.uid(), put.card());
            } else {
                book.remove(change.uid());
            }
        }
        KnownBook after = difference.after();
        List<Change> puts = new ArrayList<>();
        Map<Uid, Optional<ContentHash>> outcome = new LinkedHashMap<>(difference.outcome());
        book.forEach((uid, card) -> {
            puts.add(new Put(uid, card, Optional.empty()));
            outcome.put(uid, Optional.of(codes.contentHash(card)));
        });
        TaskKind kind = contents.contacts().isEmpty() ? TaskKind.INITIAL : TaskKind.REPLACE;
        return new Shipment(
                kind, puts, outcome, KnownBook.EMPTY, contents.checkCode(), after.checkCode(codes), CHUNK_CONTACTS);
    }

    public boolean fitsOneRequest(Capabilities limits) {
        return changes.size() <= limits.oneShotContacts()
                && changes.stream().mapToLong(Shipment::bytes).sum() <= limits.oneShotBytes();
    }

    /** The changes cut into chunks, none of them empty. */
    List<List<Change>> chunks(Capabilities limits) {
        int fewest = (changes.size() + limits.chunks() - 1) / limits.chunks();
        int most = Math.min(limits.chunkContacts(), Math.max(chunkContacts, fewest));
        List<List<Change>> chunks = new ArrayList<>();
        int start = 0;
        long bytes = FRAME_BYTES;
        for (int i = 0; i < changes.size(); i++) {
            long size = bytes(changes.get(i));
            if (i > start && (i - start == most || bytes + size > limits.chunkBytes())) {
                chunks.add(changes.subList(start, i));
                start = i;
                bytes = FRAME_BYTES;
            }
            bytes += size;
        }
        if (start < changes.size()) {
            chunks.add(changes.subList(start, changes.size()));
        }
        return chunks;
    }

    /** The most bytes that a change can take in a request before compression: each character of a uid may be escaped. */
    private static long bytes(Change change) {
        int card = change instanceof Put put ? put.card().length() : 0;
        return card + 2L * change.uid().utf8().length + FRAME_BYTES;
    }
}
