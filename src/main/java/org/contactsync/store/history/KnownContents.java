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
import org.contactsync.store.keyed.AmongHistorySql;
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

    private static final Statements MANY = new Statements(
            AmongHistorySql.KNOWN_NOW,
            AmongHistorySql.KNOWN_ENDED,
            AmongHistorySql.KNOWN_LOST,
            AmongHistorySql.KNOWN_RETIRED);

    /** The change of a version says when it ended; without one the version is about to be removed. */
    private static final String SINCE = " join book_change c on c.book_id = ?1 and c.seq = k.seq and c.at_micros >= ?4"
            + " and " + HistorySql.KEPT + " where k.content_hash = ?3";

    /** ?1 book, ?2 uid, ?3 hash; then generation, or time and most versions. */
    private static final Statements ONE = new Statements(
            "select c.uid, c.content_hash from contact c where c.book_id = ?1 and c.generation = ?4 and c.uid = ?2"
                    + " and c.content_hash = ?3",
            "select k.uid, k.content_hash from (select w.uid, w.until_seq as seq, w.content_hash"
                    + " from contact_version w where w.book_id = ?1 and w.uid = ?2 limit ?5) k" + SINCE,
            "select k.uid, k.content_hash from (select w.uid, w.seq, w.content_hash"
                    + " from lost_version w where w.book_id = ?1 and w.uid = ?2 limit ?5) k" + SINCE,
            "select k.uid, k.content_hash from (select r.seq, o.uid, o.content_hash"
                    + " from retired_generation r join contact o on o.book_id = r.book_id"
                    + " and o.generation = r.generation and o.uid = ?2 where r.book_id = ?1 limit ?5) k" + SINCE);

    private final EntityManager em;
    private final long book;
    private final Map<Uid, ContentHash> contents;
    private final Set<Uid> known = new HashSet<>();

    private record Statements(String now, String ended, String lost, String retired) {}

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
        Statements statements = atOnce ? MANY : ONE;
        for (int first = 0; first < all.size(); first += step) {
            List<Uid> part = all.subList(first, Math.min(all.size(), first + step));
            look(statements.now, part, atOnce, generation);
            look(statements.ended, part, atOnce, from, most);
            look(statements.lost, part, atOnce, from, most);
            look(statements.retired, part, atOnce, from, most);
        }
        return known;
    }

    /** Of contents that are not known yet. */
    private void look(String sql, List<Uid> part, boolean atOnce, Object... others) {
        List<Uid> open = part.stream().filter(uid -> !known.contains(uid)).toList();
        if (open.isEmpty()) {
            return;
        }
        byte[][] uids = open.stream().map(Uid::utf8).toArray(byte[][]::new);
        byte[][] hashes = open.stream().map(uid -> hash(uid).bytes()).toArray(byte[][]::new);
        List<Object> parameters = new ArrayList<>();
        parameters.add(book);
        parameters.addAll(atOnce ? List.of(uids, hashes, open.size()) : List.of(uids[0], hashes[0]));
        parameters.addAll(List.of(others));
        Query query = ReadingTime.bound(em.createNativeQuery(sql));
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
}
