package org.contactsync.store.lookup;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows;
import org.contactsync.protocol.Owner;
import org.contactsync.store.keyed.LookupSql;
import org.contactsync.store.keyed.LookupSql.Range;
import org.contactsync.store.sql.ReadingTime;
import org.jspecify.annotations.Nullable;

/** Reads the tables {@code lookup_index} and {@code lookup_entry}. Thread-safe, as the container's entity manager is. */
public final class JpaLookupRows implements LookupRows {
    private static final String INDEX =
            "select generation, version, epoch, oldest_epoch, began_seq, began_millis, seq, uid,"
                    + " entry_bytes from lookup_index where book_id = ?1";

    /** Stands in UTF-8 for nothing, and comes behind everything that does. */
    private static final byte BEHIND_ALL = (byte) 0xFF;

    private final EntityManager em;
    private final EntryWriter writer;

    public JpaLookupRows(EntityManager em) {
        this.em = em;
        writer = new EntryWriter(em);
    }

    @Override
    public Optional<Index> find(long book) {
        return index(ReadingTime.bound(em.createNativeQuery(INDEX)), book);
    }

    @Override
    public Optional<Index> lock(long book) {
        return index(em.createNativeQuery(INDEX + " for update skip locked"), book);
    }

    private static Optional<Index> index(Query query, long book) {
        List<?> rows = query.setParameter(1, book).getResultList();
        return rows.stream().findFirst().map(row -> index((Object[]) row));
    }

    private static Index index(Object[] row) {
        return new Index(
                number(row[0]),
                number(row[1]),
                number(row[2]),
                number(row[3]),
                number(row[4]),
                Instant.ofEpochMilli(number(row[5])),
                number(row[6]),
                Optional.ofNullable((byte[]) row[7]).map(Uid::of),
                number(row[8]));
    }

    @Override
    public List<Entry> entries(
            long book, Index index, String prefix, List<String> also, Optional<Entry> after, int most) {
        byte[] start = utf8(prefix);
        byte[] end = behind(start);
        if (after.isEmpty()) {
            return entries(book, index, Range.FROM, start, end, also, most);
        }
        byte[] last = utf8(after.get().entry());
        byte[] uid = after.get().uid().utf8();
        List<Entry> found = new ArrayList<>(entries(book, index, Range.WITHIN, last, uid, also, most));
        if (found.size() < most) {
            found.addAll(entries(book, index, Range.BEHIND, last, end, also, most - found.size()));
        }
        return found;
    }

    private List<Entry> entries(
            long book, Index index, Range range, byte[] from, byte[] to, List<String> also, int most) {
        Query query = ReadingTime.bound(em.createNativeQuery(LookupSql.entries(range, also.size())))
                .setParameter(1, book)
                .setParameter(2, index.epoch())
                .setParameter(3, index.generation())
                .setParameter(4, from)
                .setParameter(5, to)
                .setParameter(6, most);
        for (int i = 0; i < also.size(); i++) {
            byte[] start = utf8(also.get(i));
            query.setParameter(7 + 2 * i, start).setParameter(8 + 2 * i, behind(start));
        }
        List<?> rows = query.getResultList();
        return rows.stream().map(row -> entry((Object[]) row)).toList();
    }

    private static Entry entry(Object[] row) {
        return new Entry(
                new String((byte[]) row[0], StandardCharsets.UTF_8),
                Uid.of((byte[]) row[1]),
                number(row[2]),
                (String) row[3],
                (String) row[4],
                ((Number) row[5]).intValue());
    }

    @Override
    public void create(long book, Index index) {
        em.createNativeQuery("insert into lookup_index (book_id, generation, version, epoch, oldest_epoch, began_seq,"
                        + " began_millis, seq, entry_bytes) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                        + " on conflict do nothing")
                .setParameter(1, book)
                .setParameter(2, index.generation())
                .setParameter(3, index.version())
                .setParameter(4, index.epoch())
                .setParameter(5, index.oldestEpoch())
                .setParameter(6, index.began())
                .setParameter(7, index.beganAt().toEpochMilli())
                .setParameter(8, index.seq())
                .setParameter(9, index.bytes())
                .executeUpdate();
    }

    /** An absent uid is no parameter: PostgreSQL does not accept an untyped null for bytes. */
    @Override
    public void save(long book, Index index) {
        Query update = em.createNativeQuery("update lookup_index set generation = ?2, version = ?3, epoch = ?4,"
                        + " oldest_epoch = ?5, began_seq = ?6, began_millis = ?7, seq = ?8, entry_bytes = ?9, uid = "
                        + (index.within().isPresent() ? "?10" : "null") + " where book_id = ?1")
                .setParameter(1, book)
                .setParameter(2, index.generation())
                .setParameter(3, index.version())
                .setParameter(4, index.epoch())
                .setParameter(5, index.oldestEpoch())
                .setParameter(6, index.began())
                .setParameter(7, index.beganAt().toEpochMilli())
                .setParameter(8, index.seq())
                .setParameter(9, index.bytes());
        index.within().ifPresent(uid -> update.setParameter(10, uid.utf8()));
        update.executeUpdate();
    }

    @Override
    public long remove(long book, long epoch, Collection<Uid> contacts) {
        return writer.remove(book, epoch, contacts);
    }

    @Override
    public long add(long book, long epoch, Collection<Derived> contacts) {
        return writer.add(book, epoch, contacts);
    }

    @Override
    public boolean removeSome(long book, long epoch, int most) {
        return writer.removeSome(book, epoch, most);
    }

    @Override
    public Walk behind(long after, int most, long version) {
        Object last = em.createNativeQuery(
                        "select max(book_id) from (select book_id from lookup_index where book_id > ?1"
                                + " order by book_id limit ?2) i")
                .setParameter(1, after)
                .setParameter(2, most)
                .getResultList()
                .get(0);
        if (last == null) {
            return new Walk(List.of(), Optional.empty());
        }
        List<?> rows = em.createNativeQuery("select i.book_id, b.issuer, b.subject from lookup_index i"
                        + " join book b on b.id = i.book_id where i.book_id > ?1 and i.book_id <= ?2"
                        + " and (i.generation <> b.generation or i.seq < b.seq or i.version < ?3"
                        + " or i.oldest_epoch < i.epoch) order by i.book_id")
                .setParameter(1, after)
                .setParameter(2, last)
                .setParameter(3, version)
                .getResultList();
        return new Walk(rows.stream().map(row -> behind((Object[]) row)).toList(), Optional.of(number(last)));
    }

    private static byte[] behind(byte[] prefix) {
        byte[] end = Arrays.copyOf(prefix, prefix.length + 1);
        end[prefix.length] = BEHIND_ALL;
        return end;
    }

    private static Behind behind(Object[] row) {
        return new Behind(number(row[0]), new Owner((String) row[1], (String) row[2]));
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("a number is expected");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
