package org.contactsync.store.account;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.Sighting;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.account.Installation.Known;
import org.contactsync.protocol.account.RequestKind;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.BookState;
import org.jspecify.annotations.Nullable;

/** Stores devices in {@code seen_device}. Thread-safe, as the container's entity manager is. */
public final class JpaDeviceRows implements DeviceRows {
    private static final String LIST = "select d.device, d.seen_millis, d.kind, d.code from seen_device d"
            + " where d.book_id = ?1 order by d.seen_millis desc, d.device limit " + Installation.MOST;

    /** The last change of each device that is listed. */
    private static final String CHANGES = "select c.device, c.seq, c.code_after, c.at_micros from book_change c"
            + " join (select h.device as device, max(h.seq) as seq from book_change h"
            + " join seen_device d on d.book_id = h.book_id and d.device = h.device"
            + " where h.book_id = ?1 group by h.device) l on l.seq = c.seq where c.book_id = ?1";

    /** Where in the history the codes are that devices had: not later than they had them, because a book may come back to a code. */
    private static final String CODES = "select d.device, max(c.seq) from seen_device d join book_change c"
            + " on c.book_id = d.book_id and c.code_after = d.code and c.at_micros <= d.seen_millis * 1000 + 999"
            + " where d.book_id = ?1 group by d.device";

    /** Always in one order, so that two instances do not wait for each other. */
    private static final Comparator<Sighting> ORDER = Comparator.<Sighting, String>comparing(
                    each -> each.owner().key())
            .thenComparing(each -> each.device().value());

    private final EntityManager em;

    public JpaDeviceRows(EntityManager em) {
        this.em = em;
    }

    @Override
    public void save(List<Sighting> sightings, Instant now) {
        Map<Owner, Optional<Object>> books = new HashMap<>();
        for (Sighting each : sightings.stream().sorted(ORDER).toList()) {
            books.computeIfAbsent(each.owner(), this::book).ifPresent(book -> save(book, each, now.toEpochMilli()));
        }
    }

    private void save(Object book, Sighting sighting, long now) {
        String device = sighting.device().value();
        String kind = sighting.kind().wireName();
        @Nullable String code = sighting.code().map(CheckCode::value).orElse(null);
        int updated = query(
                        "update seen_device set seen_millis = ?3, kind = ?4, code = coalesce(cast(?5 as varchar), code)"
                                + " where book_id = ?1 and device = ?2",
                        book,
                        device,
                        now,
                        kind,
                        code)
                .executeUpdate();
        if (updated > 0) {
            return;
        }
        query(
                        "insert into seen_device (book_id, device, seen_millis, kind, code)"
                                + " values (?1, ?2, ?3, ?4, cast(?5 as varchar)) on conflict do nothing",
                        book,
                        device,
                        now,
                        kind,
                        code)
                .executeUpdate();
        List<?> tooMany = query(
                        "select device from seen_device where book_id = ?1 order by seen_millis desc, device offset ?2",
                        book,
                        Installation.MOST)
                .getResultList();
        tooMany.forEach(old -> remove(book, (String) old));
    }

    @Override
    public List<Installation> list(BookState book) {
        CheckCode current = new CheckCodes(book.key()).checkCode(book.digest());
        Map<String, Object[]> changes = byDevice(CHANGES, book.id());
        Map<String, Object[]> codes = byDevice(CODES, book.id());
        List<Installation> found = new ArrayList<>();
        for (Object[] row : rows(LIST, book.id())) {
            String device = (String) row[0];
            Instant seen = Instant.ofEpochMilli(number(row[1]));
            RequestKind kind = RequestKind.of((String) row[2]);
            Optional<Known> known = Optional.ofNullable((String) row[3])
                    .map(CheckCode::new)
                    .flatMap(code -> Optional.ofNullable(codes.get(device))
                            .map(at -> number(at[1]))
                            .or(() -> code.equals(current) ? Optional.of(book.seq()) : Optional.empty())
                            .map(seq -> new Known(seq, code)));
            Object[] change = changes.get(device);
            if (change != null) {
                Instant at = Instant.EPOCH.plus(number(change[3]), ChronoUnit.MICROS);
                if (at.isAfter(seen)) {
                    seen = at.truncatedTo(ChronoUnit.MILLIS);
                    kind = RequestKind.CHANGE;
                }
                if (known.isEmpty() || known.get().seq() < number(change[1])) {
                    known = Optional.of(new Known(number(change[1]), new CheckCode((String) change[2])));
                }
            }
            found.add(new Installation(new DeviceId(device), seen, kind, known));
        }
        found.sort(Comparator.comparing(Installation::seenAt)
                .reversed()
                .thenComparing(each -> each.id().value()));
        return found;
    }

    @Override
    public boolean forget(Owner owner, DeviceId device) {
        return book(owner).filter(book -> remove(book, device.value())).isPresent();
    }

    private boolean remove(Object book, String device) {
        return query("delete from seen_device where book_id = ?1 and device = ?2", book, device)
                        .executeUpdate()
                > 0;
    }

    private Optional<Object> book(Owner owner) {
        List<?> ids =
                query("select id from book where owner_key = ?1", owner.key()).getResultList();
        return ids.stream().<Object>map(id -> id).findFirst();
    }

    private Map<String, Object[]> byDevice(String sql, long book) {
        Map<String, Object[]> found = new HashMap<>();
        rows(sql, book).forEach(row -> found.put((String) row[0], row));
        return found;
    }

    @SuppressWarnings("unchecked")
    private List<Object[]> rows(String sql, long book) {
        return ReadingTime.bound(query(sql, book)).getResultList();
    }

    private Query query(String sql, @Nullable Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
