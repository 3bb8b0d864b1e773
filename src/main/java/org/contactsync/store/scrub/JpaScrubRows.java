package org.contactsync.store.scrub;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.scrub.ScrubRows;
import org.jspecify.annotations.Nullable;

/** Reads rows of the tables {@code book} and {@code contact}. Thread-safe, as the container's entity manager is. */
public final class JpaScrubRows implements ScrubRows {
    /** Cards up to this many bytes are read with their slice, larger ones each by itself: a slice has at most 1.6 MiB of cards. */
    private static final int SMALL = 16 * 1024;

    private static final String IN_ORDER = " order by c.book_id, c.generation, c.uid limit ?4";
    private static final String ROWS = "select c.uid, case when octet_length(c.card) <= " + SMALL + " then c.card end,"
            + " c.card is not null, c.content_hash, c.position, c.entry_sum, c.seq"
            + " from contact c where c.book_id = ?1 and c.generation = ?2 and c.uid > ?3";
    private static final String CARD =
            "select c.card from contact c where c.book_id = ?1 and c.generation = ?2 and c.uid = ?3";

    /** In ms. */
    private static final String TIMEOUT = "jakarta.persistence.query.timeout";

    private final EntityManager em;

    public JpaScrubRows(EntityManager em) {
        this.em = em;
    }

    @Override
    public Optional<Book> next(long after) {
        List<?> rows = query(
                        "select b.id, b.owner_key, b.issuer, b.subject from book b where b.id > ?1 order by b.id limit 1")
                .setParameter(1, after)
                .getResultList();
        return rows.stream().findFirst().map(row -> book((Object[]) row));
    }

    /** A book from its id, key, issuer and subject. */
    static Book book(Object[] row) {
        return new Book(((Number) row[0]).longValue(), (String) row[1], owner((String) row[2], (String) row[3]));
    }

    private static Optional<Owner> owner(String issuer, String subject) {
        try {
            return Optional.of(new Owner(issuer, subject));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    @Override
    public List<Row> rows(long book, long generation, Range range, int most) {
        Query query = query(ROWS + (range.end().isPresent() ? " and c.uid <= ?5" : "") + IN_ORDER)
                .setParameter(1, book)
                .setParameter(2, generation)
                .setParameter(3, range.start())
                .setParameter(4, most);
        range.end().ifPresent(end -> query.setParameter(5, end));
        List<Row> rows = new ArrayList<>();
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            byte[] uid = (byte[]) row[0];
            byte[] card = (byte[]) row[1];
            rows.add(new Row(
                    uid,
                    card == null && (Boolean) row[2] ? card(book, generation, uid) : card,
                    (byte[]) row[3],
                    ((Number) row[4]).intValue(),
                    (byte[]) row[5],
                    ((Number) row[6]).longValue()));
        }
        return rows;
    }

    /** If the row has disappeared or has become a tombstone, the book has changed; the slice is then read again. */
    private byte @Nullable [] card(long book, long generation, byte[] uid) {
        List<?> rows = query(CARD)
                .setParameter(1, book)
                .setParameter(2, generation)
                .setParameter(3, uid)
                .getResultList();
        return rows.isEmpty() ? null : (byte[]) rows.get(0);
    }

    private Query query(String sql) {
        Query query = em.createNativeQuery(sql);
        Deadline deadline = Deadline.current();
        if (deadline.ends()) {
            deadline.check();
            query.setHint(TIMEOUT, (int) Math.max(1, deadline.left().toMillis()));
        }
        return query;
    }
}
