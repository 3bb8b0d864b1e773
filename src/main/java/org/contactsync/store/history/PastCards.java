package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.store.keyed.AmongHistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.history.PastLeaf;
import org.contactsync.sync.history.PastState;

/**
 * The cards of contacts of a past state, each where it was: since it was listed, a task may have ended the version. PostgreSQL reads many with
 * one statement; H2, which needs no way to a server, does not find many uids by the index. Thread-safe, as the container's entity manager is.
 */
final class PastCards {
    private static final int TOGETHER = 100;

    // "+ 0" leaves the index of uids as the best one.
    private static final String ONE_STILL = "select c.uid, c.card from contact c where c.book_id = ?1"
            + " and c.generation = ?2 and c.seq + 0 <= ?3 and c.card is not null and c.uid = ?4";

    private static final String ONE_ENDED =
            "select v.uid, v.card from contact_version v where v.book_id = ?1" + " and v.until_seq = ?2 and v.uid = ?3";

    private final EntityManager em;
    private final long book;
    private final PastState state;

    PastCards(EntityManager em, long book, PastState state) {
        this.em = em;
        this.book = book;
        this.state = state;
    }

    Map<Uid, CanonicalCard> together(List<PastLeaf> leaves) {
        Map<Uid, CanonicalCard> cards = new HashMap<>();
        List<byte[]> still = new ArrayList<>();
        List<byte[]> ended = new ArrayList<>();
        leaves.forEach(leaf ->
                (leaf.until().isPresent() ? ended : still).add(leaf.uid().utf8()));
        inParts(cards, AmongHistorySql.STILL, still, state.generation(), state.seq());
        inParts(cards, AmongHistorySql.ENDED, ended, state.seq());
        return cards;
    }

    Map<Uid, CanonicalCard> oneByOne(List<PastLeaf> leaves) {
        Map<Uid, CanonicalCard> cards = new HashMap<>();
        for (PastLeaf leaf : leaves) {
            Deadline.current().check();
            byte[] uid = leaf.uid().utf8();
            read(
                    cards,
                    leaf.until().isPresent()
                            ? query(ONE_ENDED, leaf.until().getAsLong(), uid)
                            : query(ONE_STILL, state.generation(), state.seq(), uid));
        }
        return cards;
    }

    /**
     * @param second parameter; the third and the fourth are the uids and their number
     * @param others behind them
     */
    private void inParts(Map<Uid, CanonicalCard> cards, String sql, List<byte[]> uids, long second, Object... others) {
        for (int from = 0; from < uids.size(); from += TOGETHER) {
            Deadline.current().check();
            List<byte[]> part = uids.subList(from, Math.min(uids.size(), from + TOGETHER));
            read(cards, Parameters.setFrom(5, query(sql, second, part.toArray(byte[][]::new), part.size()), others));
        }
    }

    private static void read(Map<Uid, CanonicalCard> cards, Query query) {
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            cards.put(Uid.of((byte[]) row[0]), CanonicalCard.ofTrusted((byte[]) row[1]));
        }
    }

    /** @param parameters from the second on */
    private Query query(String sql, Object... parameters) {
        return Parameters.setFrom(
                2, ReadingTime.bound(em.createNativeQuery(sql)).setParameter(1, book), parameters);
    }
}
