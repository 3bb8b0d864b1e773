package org.contactsync.store;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.reading.FeedMarks;

/** Stores marks in the table {@code feed_mark}. Thread-safe. */
final class JpaFeedMarks implements FeedMarks {
    private final EntityManager em;

    JpaFeedMarks(EntityManager em) {
        this.em = em;
    }

    /** Two instances may check the same books: the second mark of one number is skipped. */
    @Override
    public OptionalLong mark(long after, int most, Instant now, Duration apart) {
        Object last = em.createNativeQuery(
                        "select max(id) from (select id from book where id > ?1 order by id limit ?2) b")
                .setParameter(1, after)
                .setParameter(2, most)
                .getResultList()
                .get(0);
        if (last == null) {
            return OptionalLong.empty();
        }
        em.createNativeQuery("insert into feed_mark (book_id, seq, at_millis)"
                        + " select b.id, b.seq, cast(?3 as bigint) from book b"
                        + " where b.id > ?1 and b.id <= ?2 and b.seq > b.changes_from and not exists"
                        + " (select 1 from feed_mark m where m.book_id = b.id and (m.seq >= b.seq or m.at_millis > ?4))"
                        + " on conflict do nothing")
                .setParameter(1, after)
                .setParameter(2, last)
                .setParameter(3, now.toEpochMilli())
                .setParameter(4, now.minus(apart).toEpochMilli())
                .executeUpdate();
        return OptionalLong.of(((Number) last).longValue());
    }

    @Override
    public List<Aged> aged(Instant until, int most) {
        List<?> rows = em.createNativeQuery("select m.book_id, m.seq, b.issuer, b.subject from feed_mark m"
                        + " join book b on b.id = m.book_id where m.at_millis <= ?1"
                        + " order by m.at_millis, m.book_id limit ?2")
                .setParameter(1, until.toEpochMilli())
                .setParameter(2, most)
                .getResultList();
        return rows.stream().map(row -> aged((Object[]) row)).toList();
    }

    private static Aged aged(Object[] row) {
        return new Aged(
                ((Number) row[0]).longValue(),
                new Owner((String) row[2], (String) row[3]),
                ((Number) row[1]).longValue());
    }

    @Override
    public void done(Aged mark) {
        em.createNativeQuery("delete from feed_mark where book_id = ?1 and seq < ?2")
                .setParameter(1, mark.book())
                .setParameter(2, mark.seq())
                .executeUpdate();
        em.createNativeQuery("update feed_mark set at_millis = null where book_id = ?1 and seq = ?2")
                .setParameter(1, mark.book())
                .setParameter(2, mark.seq())
                .executeUpdate();
    }
}
