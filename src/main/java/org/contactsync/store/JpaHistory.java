package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.store.row.TaskRow;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.PastChange;
import org.contactsync.sync.history.PastVersion;
import org.jspecify.annotations.Nullable;

/** Reads the tables {@code book_change} and {@code contact_version}. Thread-safe, as the container's entity manager is. */
final class JpaHistory implements BookHistory {
    private static final String CHANGE = "select c.seq, c.at_micros, c.generation, c.kind, c.task_id, c.device,"
            + " c.code_before, c.code_after, c.contact_count, c.puts, c.deletes from book_change c where c.book_id = ?1";

    private static final String OLDEST_FIRST = " order by c.book_id, c.seq limit ";
    private static final String LATEST_FIRST = " order by c.book_id desc, c.seq desc limit ";

    private static final String VERSION = "select v.uid, v.card, v.content_hash, v.position, v.entry_sum, v.from_seq,"
            + " v.device, v.until_seq from contact_version v where v.book_id = ?1";

    private final EntityManager em;

    JpaHistory(EntityManager em) {
        this.em = em;
    }

    @Override
    public List<PastChange> changes(long book, long below, int most) {
        return changes(CHANGE + " and c.seq < ?2" + LATEST_FIRST + "?3", book, below, most);
    }

    @Override
    public Optional<PastChange> change(long book, long seq) {
        return first(CHANGE + " and c.seq = ?2", book, seq);
    }

    @Override
    public Optional<PastChange> lastWithCode(long book, CheckCode after) {
        return first(CHANGE + " and c.code_after = ?2" + LATEST_FIRST + "1", book, after.value());
    }

    @Override
    public Optional<PastChange> lastUntil(long book, Instant time) {
        return first(CHANGE + " and c.at_micros <= ?2" + LATEST_FIRST + "1", book, TaskRow.micros(time));
    }

    @Override
    public Optional<PastChange> oldest(long book) {
        return first(CHANGE + OLDEST_FIRST + "1", book);
    }

    @Override
    public List<PastVersion> versions(long book, Uid uid, long below, int most) {
        return query(
                        VERSION + " and v.uid = ?2 and v.until_seq < ?3"
                                + " order by v.book_id desc, v.uid desc, v.until_seq desc limit ?4",
                        book,
                        uid.utf8(),
                        below,
                        most)
                .getResultList()
                .stream()
                .map(row -> version((Object[]) row))
                .toList();
    }

    private Optional<PastChange> first(String sql, Object... parameters) {
        return changes(sql, parameters).stream().findFirst();
    }

    private List<PastChange> changes(String sql, Object... parameters) {
        List<?> rows = query(sql, parameters).getResultList();
        return rows.stream().map(row -> change((Object[]) row)).toList();
    }

    private Query query(String sql, Object... parameters) {
        Query query = ReadingTime.bound(em.createNativeQuery(sql));
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }

    private static PastChange change(Object[] row) {
        return new PastChange(
                number(row[0]),
                Instant.EPOCH.plus(number(row[1]), ChronoUnit.MICROS),
                number(row[2]),
                TaskKind.valueOf((String) row[3]),
                new TaskId((UUID) row[4]),
                device(row[5]),
                new CheckCode((String) row[6]),
                new CheckCode((String) row[7]),
                number(row[8]),
                number(row[9]),
                number(row[10]));
    }

    private static PastVersion version(Object[] row) {
        Content content = new Content(CanonicalCard.ofTrusted((byte[]) row[1]), ContentHash.of((byte[]) row[2]));
        return new PastVersion(
                new StoredContact(
                        Uid.of((byte[]) row[0]),
                        Optional.of(content),
                        new Position(((Number) row[3]).intValue()),
                        EntrySum.of((byte[]) row[4]),
                        number(row[5]),
                        device(row[6])),
                number(row[7]));
    }

    private static Optional<DeviceId> device(@Nullable Object name) {
        return Optional.ofNullable((String) name).map(DeviceId::new);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
