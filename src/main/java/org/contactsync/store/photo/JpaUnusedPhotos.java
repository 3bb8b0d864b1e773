package org.contactsync.store.photo;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.contactsync.contact.Uid;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoReferences;
import org.contactsync.photo.Photos;
import org.contactsync.photo.UnusedPhotos;
import org.contactsync.protocol.TaskState;
import org.contactsync.store.sql.Parameters;

/** Reads the cards of a book for the photos that they use, and removes the others. Thread-safe, as the container's entity manager is. */
public final class JpaUnusedPhotos implements UnusedPhotos {
    /** Cards that are read at once: 12 MiB of the largest. */
    private static final int CARDS = 50;

    /** Cards that have come since the book was seen; with more it is looked at another time. They are read under the book's lock. */
    private static final int MOST_NEW = 1_000;

    /** Of photos that are removed in one transaction. */
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private static final int PHOTOS = 200;

    /** Kept versions, and lost ones: tables with the number behind which a card is not in the book any more, or came with. */
    private static final List<String> VERSIONS = List.of("contact_version", "lost_version");

    private static final List<String> NUMBERS = List.of("until_seq", "seq");

    private static final byte[] BEFORE_ALL = {};

    private final EntityManager em;
    private final Photos photos;

    public JpaUnusedPhotos(EntityManager em) {
        this.em = em;
        photos = new JpaPhotos(em);
    }

    @Override
    public int removeExpired(Instant now, int most) {
        List<?> over = query(
                        "select book_id, upload_id from photo_upload where until_millis <= ?1 order by until_millis limit ?2",
                        now.toEpochMilli(),
                        most)
                .getResultList();
        for (Object each : over) {
            Object[] upload = (Object[]) each;
            photos.drop(number(upload[0]), (UUID) upload[1]);
        }
        return over.size();
    }

    @Override
    public OptionalLong findDue(long after, Instant before) {
        Object book = query(
                        "select min(book_id) from photo where used_millis < ?1 and book_id > ?2",
                        before.toEpochMilli(),
                        after)
                .getSingleResult();
        return book == null ? OptionalLong.empty() : OptionalLong.of(number(book));
    }

    @Override
    public Optional<Seen> see(long book) {
        List<?> rows =
                query("select generation, seq from book where id = ?1", book).getResultList();
        return rows.stream().findFirst().map(row -> seen(book, (Object[]) row));
    }

    @Override
    public int removeErased(long book, Instant before) {
        return see(book).isPresent() ? 0 : removeSome(book, before, Set.of());
    }

    private Seen seen(long book, Object[] row) {
        List<Long> generations = new ArrayList<>();
        generations.add(number(row[0]));
        query("select generation from retired_generation where book_id = ?1 order by generation", book)
                .getResultList()
                .forEach(each -> generations.add(number(each)));
        return new Seen(book, number(row[1]), generations);
    }

    @Override
    public Cards read(Seen seen, Place after) {
        int version = after.part() - seen.generations().size();
        byte[] uid = after.uid().map(Uid::utf8).orElse(BEFORE_ALL);
        List<?> rows = version < 0
                ? query(
                                "select c.card, c.uid, c.seq from contact c where c.book_id = ?1 and c.generation = ?2"
                                        + " and c.uid > ?3 and c.card is not null order by c.book_id, c.generation, c.uid limit ?4",
                                seen.book(),
                                seen.generations().get(after.part()),
                                uid,
                                CARDS)
                        .getResultList()
                : query(
                                ("select v.card, v.uid, v.%2$s from %1$s v where v.book_id = ?1 and v.%2$s >= ?2"
                                                + " and (v.%2$s > ?2 or v.uid > ?3) order by v.book_id, v.%2$s, v.uid limit ?4")
                                        .formatted(VERSIONS.get(version), NUMBERS.get(version)),
                                seen.book(),
                                after.seq(),
                                uid,
                                CARDS)
                        .getResultList();
        List<byte[]> cards =
                rows.stream().map(row -> (byte[]) ((Object[]) row)[0]).toList();
        if (rows.size() == CARDS) {
            Object[] last = (Object[]) rows.get(CARDS - 1);
            return new Cards(cards, Optional.of(new Place(after.part(), number(last[2]), Optional.of(Uid.of((byte[])
                    last[1])))));
        }
        boolean isLast = version == VERSIONS.size() - 1;
        return new Cards(
                cards, isLast ? Optional.empty() : Optional.of(new Place(after.part() + 1, 0, Optional.empty())));
    }

    @Override
    public void use(long book, Collection<PhotoDigest> used, Instant now) {
        used.stream().sorted().forEach(each -> photos.use(book, each, now));
    }

    @Override
    public Optional<Integer> remove(Seen seen, Instant before) {
        List<?> rows = query("select generation, seq from book where id = ?1 for update", seen.book())
                .getResultList();
        if (rows.isEmpty()
                || number(((Object[]) rows.get(0))[0]) != seen.generations().get(0)
                || hasUnfinishedTask(seen.book())) {
            return Optional.empty();
        }
        Optional<Set<PhotoDigest>> used = usedSince(seen);
        return used.map(now -> removeSome(seen.book(), before, now));
    }

    /** Of a given-up task the payload is still there, and an operator may let it run. */
    private boolean hasUnfinishedTask(long book) {
        return has(
                        "select 1 from sync_task where book_id = ?1 and state in ('" + TaskState.RECEIVING.name()
                                + "', '" + TaskState.WAITING.name() + "') limit 1",
                        book)
                || has("select 1 from waiting_step where book_id = ?1 limit 1", book)
                || has("select 1 from given_up_step where book_id = ?1 limit 1", book);
    }

    private boolean has(String sql, long book) {
        return !query(sql, book).getResultList().isEmpty();
    }

    /** Photos in cards that have come, or were moved into the history, since the book was seen; empty if these are too many. */
    private Optional<Set<PhotoDigest>> usedSince(Seen seen) {
        Set<PhotoDigest> used = new HashSet<>();
        int left = MOST_NEW;
        List<String> all = List.of(
                "select card from contact where book_id = ?1 and seq > ?2 and card is not null limit ?3",
                "select card from contact_version where book_id = ?1 and until_seq > ?2 limit ?3",
                "select card from lost_version where book_id = ?1 and seq > ?2 limit ?3");
        for (String sql : all) {
            List<?> cards = query(sql, seen.book(), seen.seq(), left + 1).getResultList();
            left -= cards.size();
            if (left < 0) {
                return Optional.empty();
            }
            cards.forEach(card -> PhotoReferences.addTo(used, (byte[]) card));
        }
        return Optional.of(used);
    }

    private int removeSome(long book, Instant before, Set<PhotoDigest> used) {
        List<?> due = query(
                        "select digest, upload_id, photo_bytes from photo where book_id = ?1 and used_millis < ?2"
                                + " order by digest limit ?3",
                        book,
                        before.toEpochMilli(),
                        PHOTOS)
                .getResultList();
        int removed = 0;
        long bytes = 0;
        for (Object each : due) {
            Object[] photo = (Object[]) each;
            boolean isUsed = used.contains(PhotoDigest.of((byte[]) photo[0]));
            if (!isUsed && bytes < MOST_BYTES && remove(book, photo, before)) {
                bytes += number(photo[2]);
                removed++;
            }
        }
        return removed;
    }

    /** Not if it was used in this moment. */
    private boolean remove(long book, Object[] photo, Instant before) {
        int removed = query(
                        "delete from photo where book_id = ?1 and digest = ?2 and used_millis < ?3",
                        book,
                        photo[0],
                        before.toEpochMilli())
                .executeUpdate();
        if (removed > 0) {
            query("delete from photo_piece where book_id = ?1 and upload_id = ?2", book, photo[1])
                    .executeUpdate();
        }
        return removed > 0;
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
