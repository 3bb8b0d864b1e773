package org.contactsync.store.history;

import static java.util.Objects.requireNonNull;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;

/**
 * Finds out which contents a book has, or has had in a part of its history that stays for some time. PostgreSQL compares a hundred with one
 * statement; H2, which needs no way to a server, does not find many uids by the index. One thread at a time.
 */
final class KnownContents {
    private static final int TOGETHER = 100;

    private static final String UIDS = "{uids}";
    private static final String HASHES = "{hashes}";

    private static final String NOW = "select c.uid, c.content_hash from contact c where c.book_id = ?1"
            + " and c.generation = ?2 and c.uid " + UIDS + " and c.content_hash " + HASHES;

    /** The change of a version says when it ended; without one the version is about to be removed. */
    private static final String SINCE =
            " join book_change c on c.book_id = ?1 and c.seq = k.seq and c.at_micros >= ?2 and " + HistorySql.KEPT
                    + " where k.content_hash " + HASHES;

    private static final String ENDED = "select k.uid, k.content_hash from (select w.uid, w.until_seq as seq,"
            + " w.content_hash from contact_version w where w.book_id = ?1 and w.uid " + UIDS + " limit ?3) k" + SINCE;

    private static final String LOST = "select k.uid, k.content_hash from (select w.uid, w.seq, w.content_hash"
            + " from lost_version w where w.book_id = ?1 and w.uid " + UIDS + " limit ?3) k" + SINCE;

    private static final String RETIRED = "select k.uid, k.content_hash from (select r.seq, o.uid, o.content_hash"
            + " from retired_generation r join contact o on o.book_id = r.book_id and o.generation = r.generation"
            + " and o.uid " + UIDS + " where r.book_id = ?1 limit ?3) k" + SINCE;

    private final EntityManager em;
    private final long book;
    private final Map<Uid, ContentHash> contents;
    private final Set<Uid> known = new HashSet<>();

    KnownContents(EntityManager em, long book, Map<Uid, ContentHash> contents) {
        this.em = em;
        this.book = book;
        this.contents = contents;
    }

    /**
     * The contacts whose content is known.
     *
     * @param atOnce contents that one statement compares
     * @param most versions that one statement looks at
     */
    Set<Uid> find(long generation, Instant since, boolean atOnce, int most) {
        long from = TaskRow.micros(since);
        List<Uid> all = new ArrayList<>(contents.keySet());
        int step = atOnce ? TOGETHER : 1;
        for (int first = 0; first < all.size(); first += step) {
            List<Uid> part = all.subList(first, Math.min(all.size(), first + step));
            look(NOW, part, generation);
            look(ENDED, part, from, most);
            look(LOST, part, from, most);
            look(RETIRED, part, from, most);
        }
        return known;
    }

    /** Of contents that are not known yet. There are few texts: for one, ten or a hundred, of which the last one is repeated. */
    private void look(String sql, List<Uid> part, Object... before) {
        List<Uid> open = part.stream().filter(uid -> !known.contains(uid)).toList();
        if (open.isEmpty()) {
            return;
        }
        int places = open.size() == 1 ? 1 : open.size() <= 10 ? 10 : TOGETHER;
        List<Object> parameters = new ArrayList<>();
        parameters.add(book);
        parameters.addAll(List.of(before));
        List<String> uids = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            Uid uid = open.get(Math.min(i, open.size() - 1));
            parameters.add(uid.utf8());
            uids.add("?" + parameters.size());
            parameters.add(hash(uid).bytes());
            hashes.add("?" + parameters.size());
        }
        Query query = ReadingTime.bound(
                em.createNativeQuery(sql.replace(UIDS, among(uids)).replace(HASHES, among(hashes))));
        for (Object each : Parameters.set(query, parameters.toArray()).getResultList()) {
            Object[] row = (Object[]) each;
            Uid uid = Uid.of((byte[]) row[0]);
            if (ContentHash.of((byte[]) row[1]).equals(hash(uid))) {
                known.add(uid);
            }
        }
    }

    private ContentHash hash(Uid uid) {
        return requireNonNull(contents.get(uid));
    }

    private static String among(List<String> numbers) {
        return numbers.size() == 1 ? "= " + numbers.get(0) : "in (" + String.join(", ", numbers) + ")";
    }
}
