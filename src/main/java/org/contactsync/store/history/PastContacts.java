package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.CanonicalCard;
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
    private static final byte[] BEFORE_ALL = {};

    private static final String STILL = "select c.uid, c.content_hash, c.entry_sum, octet_length(c.card),"
            + " cast(null as bigint) from contact c where c.book_id = ?1 and c.generation = ?2 and c.seq <= ?3"
            + " and c.card is not null and c.uid > ?4 order by c.book_id, c.generation, c.uid limit ?5";

    private static final String ENDED = "select v.uid, v.content_hash, v.entry_sum, octet_length(v.card), v.until_seq"
            + " from contact_version v where v.book_id = ?1 and v.from_seq <= ?2 and v.until_seq > ?2"
            + " and v.uid > ?3 order by v.book_id, v.uid, v.until_seq limit ?4";

    private final EntityManager em;
    private final long book;

    PastContacts(EntityManager em, long book) {
        this.em = em;
        this.book = book;
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
        return read(query(STILL, state.generation(), state.seq(), from(after), most));
    }

    List<PastLeaf> ended(PastState state, Optional<Uid> after, int most) {
        return read(query(ENDED, state.seq(), from(after), most));
    }

    private static byte[] from(Optional<Uid> after) {
        return after.map(Uid::utf8).orElse(BEFORE_ALL);
    }

    /** Where it was: since it was listed, a task may have ended the version. */
    Optional<CanonicalCard> card(PastState state, PastLeaf leaf) {
        if (leaf.until().isPresent()) {
            return endedCard(leaf.uid(), leaf.until().getAsLong());
        }
        List<?> found = query(
                        "select c.card from contact c where c.book_id = ?1 and c.generation = ?2 and c.uid = ?3"
                                + " and c.seq <= ?4 and c.card is not null",
                        state.generation(),
                        leaf.uid().utf8(),
                        state.seq())
                .getResultList();
        return card(found);
    }

    private Optional<CanonicalCard> endedCard(Uid uid, long until) {
        return card(query(
                        "select v.card from contact_version v where v.book_id = ?1 and v.until_seq = ?2 and v.uid = ?3",
                        until,
                        uid.utf8())
                .getResultList());
    }

    private static Optional<CanonicalCard> card(List<?> found) {
        return found.stream().findFirst().map(each -> CanonicalCard.ofTrusted((byte[]) each));
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
