package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;

/** Finds what a contact is or was by its hash: the contact itself, then its last versions. Thread-safe, as the container's entity manager is. */
final class PastContents {
    private static final String PRESENT = "select c.card, c.content_hash from contact c where c.book_id = ?1"
            + " and c.generation = ?2 and c.uid = ?3 and c.card is not null";

    private static final String NOW = "select c.card from contact c where c.book_id = ?1 and c.generation = ?2"
            + " and c.uid = ?3 and c.content_hash = ?4";

    /** Hashes are compared along the index, the latest first; one card is read. */
    private static final String ENDED = "select v.card from (select w.book_id, w.until_seq, w.uid, w.content_hash"
            + " from contact_version w where w.book_id = ?1 and w.uid = ?2"
            + " order by w.book_id desc, w.uid desc, w.until_seq desc limit ?3) k"
            + " join contact_version v on v.book_id = k.book_id and v.until_seq = k.until_seq and v.uid = k.uid"
            + " where k.content_hash = ?4 limit 1";

    private static final String RETIRED = "select c.card from (select r.book_id, r.generation from retired_generation r"
            + " where r.book_id = ?1 order by r.book_id desc, r.generation desc limit ?3) k"
            + " join contact c on c.book_id = k.book_id and c.generation = k.generation and c.uid = ?2"
            + " where c.content_hash = ?4 limit 1";

    private static final String LOST = "select l.card from (select w.book_id, w.seq, w.uid, w.content_hash"
            + " from lost_version w where w.book_id = ?1 and w.uid = ?2"
            + " order by w.book_id desc, w.uid desc, w.seq desc limit ?3) k"
            + " join lost_version l on l.book_id = k.book_id and l.seq = k.seq and l.uid = k.uid"
            + " where k.content_hash = ?4 limit 1";

    private final EntityManager em;
    private final long book;

    PastContents(EntityManager em, long book) {
        this.em = em;
        this.book = book;
    }

    Optional<Content> find(long generation, Uid uid, ContentHash hash, int most) {
        return first(NOW, generation, uid.utf8(), hash.bytes())
                .or(() -> first(ENDED, uid.utf8(), most, hash.bytes()))
                .or(() -> first(RETIRED, uid.utf8(), most, hash.bytes()))
                .or(() -> first(LOST, uid.utf8(), most, hash.bytes()))
                .map(card -> new Content(card, hash));
    }

    Optional<Content> present(long generation, Uid uid) {
        List<?> found = query(PRESENT, generation, uid.utf8()).getResultList();
        return found.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new Content(CanonicalCard.ofTrusted((byte[]) row[0]), ContentHash.of((byte[]) row[1])));
    }

    /** @param parameters from the second on */
    private Optional<CanonicalCard> first(String sql, Object... parameters) {
        List<?> found = query(sql, parameters).getResultList();
        return found.stream().findFirst().map(card -> CanonicalCard.ofTrusted((byte[]) card));
    }

    /** @param parameters from the second on */
    private Query query(String sql, Object... parameters) {
        return Parameters.setFrom(
                2, ReadingTime.bound(em.createNativeQuery(sql)).setParameter(1, book), parameters);
    }
}
