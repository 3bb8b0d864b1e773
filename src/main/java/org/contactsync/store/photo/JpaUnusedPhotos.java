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
import java.util.function.Predicate;
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

    /** Of those. */
    private static final long MOST_NEW_BYTES = 8L * 1024 * 1024;

    /** Cards that have come, or were moved into the history, since the book was seen. */
    private static final List<String> NEW = List.of(
            " from contact where book_id = ?1 and seq > ?2 and card is not null limit ?3",
            " from contact_version where book_id = ?1 and until_seq > ?2 limit ?3",
            " from lost_version where book_id = ?1 and seq > ?2 limit ?3");

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
                        "select book_id, upload_id from photo_upload where until_millis <= ?1 order by until_millis limit ?2"
                                // Nobody waits for another row while it has some: an erasure removes them in its own
                                // order.
                                + " for update skip locked",
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
        boolean isGone = see(book).isEmpty() && !has("select 1 from erased_book where book_id = ?1 limit 1", book);
        return isGone ? removeSome(book, before, photo -> true) : 0;
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
        List<?> rows = version >= 0
                ? versions(seen.book(), version, after)
                : query(
                                "select c.card, c.uid, c.seq from contact c where c.book_id = ?1 and c.generation = ?2"
                                        + " and c.uid > ?3 and c.card is not null order by c.book_id, c.generation, c.uid limit ?4",
                                seen.book(),
                                seen.generations().get(after.part()),
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
        return new Cards(cards, isLast ? Optional.empty() : Optional.of(Place.in(after.part() + 1)));
    }

    /** One upload may have replaced a whole book: what is behind a uid of its number is read along the key, and not by skipping. */
    private List<?> versions(long book, int version, Place after) {
        String from = "select v.card, v.uid, v.%2$s from %1$s v where v.book_id = ?1 and v.%2$s "
                .formatted(VERSIONS.get(version), NUMBERS.get(version));
        String order = " order by v.book_id, v.%s, v.uid limit ".formatted(NUMBERS.get(version));
        List<Object> rows = new ArrayList<>();
        if (after.uid().isPresent()) {
            rows.addAll(query(
                            from + "= ?2 and v.uid > ?3" + order + "?4",
                            book,
                            after.seq(),
                            after.uid().get().utf8(),
                            CARDS)
                    .getResultList());
        }
        if (rows.size() < CARDS) {
            rows.addAll(query(from + "> ?2" + order + "?3", book, after.seq(), CARDS - rows.size())
                    .getResultList());
        }
        return rows;
    }

    @Override
    public List<PhotoDigest> findUnused(long book, Instant before, int most) {
        return query(
                        "select digest, book_id from photo where book_id = ?1 and used_millis < ?2 order by digest limit ?3",
                        book,
                        before.toEpochMilli(),
                        most)
                .getResultList()
                .stream()
                .map(row -> PhotoDigest.of((byte[]) ((Object[]) row)[0]))
                .toList();
    }

    @Override
    public void use(long book, Collection<PhotoDigest> used, Instant now) {
        // Nobody waits for another row while it has some. Whoever has this one uses it too, or removes it with the
        // account.
        used.stream().sorted().filter(each -> lock(book, each)).forEach(each -> photos.use(book, each, now));
    }

    private boolean lock(long book, PhotoDigest photo) {
        return !query(
                        "select upload_id from photo where book_id = ?1 and digest = ?2 for update skip locked",
                        book,
                        photo.bytes())
                .getResultList()
                .isEmpty();
    }

    @Override
    public Optional<Integer> remove(Seen seen, Instant before, Set<PhotoDigest> unused) {
        List<?> rows = query("select generation, seq from book where id = ?1 for update", seen.book())
                .getResultList();
        if (rows.isEmpty()
                || number(((Object[]) rows.get(0))[0]) != seen.generations().get(0)
                || isBusy(seen.book())) {
            return Optional.empty();
        }
        Optional<Set<PhotoDigest>> used = usedSince(seen, unused);
        return used.map(
                now -> removeSome(seen.book(), before, photo -> unused.contains(photo) && !now.contains(photo)));
    }

    /** Of a given-up task the payload is still there, and an operator may let it run. */
    @Override
    public boolean isBusy(long book) {
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

    /** Those of the photos that are in cards which have come since the book was seen; empty if these are too many, or too large. */
    private Optional<Set<PhotoDigest>> usedSince(Seen seen, Set<PhotoDigest> of) {
        long count = 0;
        long bytes = 0;
        for (String cards : NEW) {
            Object[] sums = (Object[]) query(
                            "select count(*), coalesce(sum(n.amount), 0) from (select octet_length(card) as amount"
                                    + cards + ") n",
                            seen.book(),
                            seen.seq(),
                            MOST_NEW + 1)
                    .getSingleResult();
            count += number(sums[0]);
            bytes += number(sums[1]);
        }
        if (count > MOST_NEW || bytes > MOST_NEW_BYTES) {
            return Optional.empty();
        }
        Set<PhotoDigest> used = new HashSet<>();
        for (String cards : NEW) {
            query("select card" + cards, seen.book(), seen.seq(), MOST_NEW)
                    .getResultList()
                    .forEach(card -> PhotoReferences.addTo(used, of, (byte[]) card));
        }
        return Optional.of(used);
    }

    private int removeSome(long book, Instant before, Predicate<PhotoDigest> isRemovable) {
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
            if (bytes < MOST_BYTES
                    && isRemovable.test(PhotoDigest.of((byte[]) photo[0]))
                    && remove(book, photo, before)) {
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
