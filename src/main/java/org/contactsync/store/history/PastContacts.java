package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.contact.Uid;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.history.PastLeaf;
import org.contactsync.sync.history.PastState;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of a book at a sequence number: those of its generation then that have not been written since, and the versions that were
 * valid. Each is in one of the two at most. Thread-safe, as the container's entity manager is.
 */
final class PastContacts {
    /** Rows that are read by their number and sorted, for each slice. More are read in the order of their uids, each once. */
    static final int FEW = 4_000;

    private static final byte[] BEFORE_ALL = {};

    private static final String CONTACT = "select c.uid, c.content_hash, c.entry_sum, octet_length(c.card),"
            + " cast(null as bigint) from contact c where c.book_id = ?1 and c.generation = ?2";

    private static final String BY_UID =
            " and c.card is not null and c.uid > ?4 order by c.book_id, c.generation, c.uid limit ?5";

    // "+ 0" keeps planners, whatever they know of the rows, from another index than that of the order.
    private static final String UNCHANGED = CONTACT + " and c.seq + 0 <= ?3" + BY_UID;

    private static final String WRITTEN = CONTACT + " and c.seq + 0 > ?3" + BY_UID;

    /** The inner limit does the same. Rows that come behind it now are not of the book that is compared. */
    private static final String FEW_WRITTEN = "select k.uid, k.content_hash, k.entry_sum, k.bytes, cast(null as bigint)"
            + " from (select c.uid, c.content_hash, c.entry_sum, octet_length(c.card) as bytes, c.generation from contact c"
            + " where c.book_id = ?1 and c.seq > ?3 order by c.book_id, c.seq, c.uid limit ?6) k"
            + " where k.generation = ?2 and k.content_hash is not null and k.uid > ?4 order by k.uid limit ?5";

    private static final String COUNT_WRITTEN = "select count(*) from (select c.uid from contact c"
            + " where c.book_id = ?1 and c.seq > ?2 order by c.book_id, c.seq, c.uid limit ?3) k";

    private static final String ENDED = "select v.uid, v.content_hash, v.entry_sum, octet_length(v.card), v.until_seq"
            + " from contact_version v where v.book_id = ?1 and v.from_seq <= ?2 and v.until_seq + 0 > ?2"
            + " and v.uid > ?3 order by v.book_id, v.uid, v.until_seq limit ?4";

    private static final String FEW_ENDED = "select k.uid, k.content_hash, k.entry_sum, k.bytes, k.until_seq"
            + " from (select v.uid, v.content_hash, v.entry_sum, octet_length(v.card) as bytes, v.until_seq, v.from_seq"
            + " from contact_version v where v.book_id = ?1 and v.until_seq > ?2"
            + " order by v.book_id, v.until_seq, v.uid limit ?5) k"
            + " where k.from_seq <= ?2 and k.uid > ?3 order by k.uid limit ?4";

    private static final String COUNT_ENDED = "select count(*) from (select v.uid from contact_version v"
            + " where v.book_id = ?1 and v.until_seq > ?2 order by v.book_id, v.until_seq, v.uid limit ?3) k";

    private final EntityManager em;
    private final long book;
    private final int few;

    PastContacts(EntityManager em, long book, int few) {
        this.em = em;
        this.book = book;
        this.few = few;
    }

    /** The task itself says it, or the next one, whose generation may be another one. */
    Optional<PastState> state(long seq) {
        List<?> own = query(
                        "select c.generation, c.code_after from book_change c where c.book_id = ?1 and c.seq = ?2 and "
                                + HistorySql.KEPT,
                        seq)
                .getResultList();
        List<?> found = own.isEmpty()
                ? query(
                                "select coalesce(r.generation, c.generation), c.code_before from book_change c"
                                        + " left join retired_generation r on r.book_id = c.book_id and r.seq = c.seq"
                                        + " where c.book_id = ?1 and c.seq = ?2 and " + HistorySql.KEPT,
                                seq + 1)
                        .getResultList()
                : own;
        return found.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new PastState(seq, JpaHistory.number(row[0]), new CheckCode((String) row[1])));
    }

    List<PastLeaf> unchanged(PastState state, Optional<Uid> after, int most) {
        return read(query(UNCHANGED, state.generation(), state.seq(), from(after), most));
    }

    List<PastLeaf> written(PastState state, Optional<Uid> after, int most) {
        return read(
                isFew(COUNT_WRITTEN, state)
                        ? query(FEW_WRITTEN, state.generation(), state.seq(), from(after), most, few + 1)
                        : query(WRITTEN, state.generation(), state.seq(), from(after), most));
    }

    List<PastLeaf> ended(PastState state, Optional<Uid> after, int most) {
        return read(
                isFew(COUNT_ENDED, state)
                        ? query(FEW_ENDED, state.seq(), from(after), most, few + 1)
                        : query(ENDED, state.seq(), from(after), most));
    }

    private boolean isFew(String count, PastState state) {
        return JpaHistory.number(query(count, state.seq(), few + 1).getSingleResult()) <= few;
    }

    private static byte[] from(Optional<Uid> after) {
        return after.map(Uid::utf8).orElse(BEFORE_ALL);
    }

    private static List<PastLeaf> read(Query query) {
        List<PastLeaf> leaves = new ArrayList<>();
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            leaves.add(new PastLeaf(
                    Uid.of((byte[]) row[0]),
                    ContentHash.of((byte[]) row[1]),
                    EntrySum.of((byte[]) row[2]),
                    ((Number) row[3]).intValue(),
                    until(row[4])));
        }
        return leaves;
    }

    private static OptionalLong until(@Nullable Object column) {
        return column == null ? OptionalLong.empty() : OptionalLong.of(JpaHistory.number(column));
    }

    /** @param parameters from the second on */
    private Query query(String sql, Object... parameters) {
        return Parameters.setFrom(
                2, ReadingTime.bound(em.createNativeQuery(sql)).setParameter(1, book), parameters);
    }
}
