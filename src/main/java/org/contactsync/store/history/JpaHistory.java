package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.Product;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.PastLeaf;
import org.contactsync.sync.history.PastState;
import org.jspecify.annotations.Nullable;

/** Reads the tables {@code book_change} and {@code contact_version}. Thread-safe, as the container's entity manager is. */
public final class JpaHistory implements BookHistory {
    private static final String CHANGE = "select c.seq, c.at_micros, c.kind, c.task_id, c.device, c.code_before,"
            + " c.code_after, c.contact_count, c.puts, c.deletes, c.origin from book_change c where c.book_id = ?1"
            + " and " + HistorySql.KEPT;

    private static final String OLDEST_FIRST = " order by c.book_id, c.seq limit ";
    private static final String LATEST_FIRST = " order by c.book_id desc, c.seq desc limit ";

    private final EntityManager em;
    private final Product product;
    private final int few;

    public JpaHistory(EntityManager em) {
        this(em, PastContacts.FEW);
    }

    /** @param few rows that are read by their number; more are read in the order of their uids */
    public JpaHistory(EntityManager em, int few) {
        this.em = em;
        this.few = few;
        product = new Product(em);
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
    public Optional<PastState> state(long book, long seq) {
        return contacts(book).state(seq);
    }

    @Override
    public List<PastLeaf> unchanged(long book, PastState state, Optional<Uid> after, int most) {
        return contacts(book).unchanged(state, after, most);
    }

    @Override
    public List<PastLeaf> ended(long book, PastState state, Optional<Uid> after, int most) {
        return contacts(book).ended(state, after, most);
    }

    @Override
    public List<PastLeaf> written(long book, PastState state, Optional<Uid> after, int most) {
        return contacts(book).written(state, after, most);
    }

    private PastContacts contacts(long book) {
        return new PastContacts(em, book, few);
    }

    @Override
    public Map<Uid, CanonicalCard> cards(long book, PastState state, List<PastLeaf> leaves) {
        PastCards cards = new PastCards(em, book, state);
        return product.isPostgres() ? cards.together(leaves) : cards.oneByOne(leaves);
    }

    @Override
    public Optional<Content> content(long book, long generation, Uid uid, ContentHash hash, int most) {
        return new PastContents(em, book).find(generation, uid, hash, most);
    }

    @Override
    public Set<Uid> known(long book, long generation, Map<Uid, ContentHash> contents, Instant since, int most) {
        return new KnownContents(em, book, contents).find(generation, since, product.isPostgres(), most);
    }

    @Override
    public Page versions(long book, Uid uid, long below, RowPage.Bounds bounds) {
        int asked = bounds.rows() + 1;
        PastVersions versions = new PastVersions(em, book);
        List<PastVersions.Row> rows = new ArrayList<>(versions.ofContact(uid, below, asked));
        rows.addAll(versions.ofContactInRetired(uid, below, asked));
        rows.addAll(versions.lost(uid, below, asked));
        // Stable: what was lost is behind what was replaced. One row more than the page may have tells that it goes on.
        rows.sort(Comparator.comparingLong(PastVersions.Row::until).reversed());
        return PastVersions.page(rows.subList(0, Math.min(rows.size(), asked + 1)), bounds, Optional.empty());
    }

    @Override
    public Optional<Content> present(long book, long generation, Uid uid) {
        return new PastContents(em, book).present(generation, uid);
    }

    @Override
    public Optional<PastVersion> lastVersion(long book, long generation, Uid uid) {
        PastVersions versions = new PastVersions(em, book);
        return Stream.concat(
                        versions.ofContact(uid, Long.MAX_VALUE, 1).stream(),
                        versions.ofContactInRetired(uid, Long.MAX_VALUE, 1).stream())
                .max(Comparator.comparingLong(PastVersions.Row::until))
                .flatMap(PastVersions.Row::read)
                .filter(version -> new Gaps(em, book).isLast(generation, uid, version.until()));
    }

    @Override
    public Page deleted(long book, long generation, Optional<Place> after, RowPage.Bounds bounds) {
        return new DeletedContacts(em, book, generation).page(after, bounds);
    }

    @Override
    public Page kept(long book, long generation, Optional<Place> after, RowPage.Bounds bounds) {
        PastVersions versions = new PastVersions(em, book);
        int size = bounds.rows() + 1;
        return new VersionSlices(versions, generation, size)
                .page(
                        after,
                        bounds,
                        slice -> versions.every(
                                slice.keys(), slice.ofGeneration(), generation, size, slice.parameters()));
    }

    @Override
    public Page lost(long book, Optional<Place> after, RowPage.Bounds bounds) {
        Place place = after.orElse(new Place(Long.MAX_VALUE, Optional.empty()));
        List<PastVersions.Row> rows = new PastVersions(em, book).everyLost(place, bounds.rows() + 1);
        return PastVersions.page(rows, bounds, Optional.empty());
    }

    private Optional<PastChange> first(String sql, Object... parameters) {
        return changes(sql, parameters).stream().findFirst();
    }

    private List<PastChange> changes(String sql, Object... parameters) {
        List<?> rows = Parameters.set(ReadingTime.bound(em.createNativeQuery(sql)), parameters)
                .getResultList();
        return rows.stream().map(row -> change((Object[]) row)).toList();
    }

    private static PastChange change(Object[] row) {
        return new PastChange(
                number(row[0]),
                at(row[1]),
                TaskKind.valueOf((String) row[2]),
                new TaskId((UUID) row[3]),
                device(row[4]),
                new CheckCode((String) row[5]),
                new CheckCode((String) row[6]),
                number(row[7]),
                number(row[8]),
                number(row[9]),
                HistorySql.RESTORE.equals(row[10]));
    }

    static Instant at(Object micros) {
        return Instant.EPOCH.plus(number(micros), ChronoUnit.MICROS);
    }

    static Optional<DeviceId> device(@Nullable Object name) {
        return Optional.ofNullable((String) name).map(DeviceId::new);
    }

    static long number(Object value) {
        return ((Number) value).longValue();
    }
}
