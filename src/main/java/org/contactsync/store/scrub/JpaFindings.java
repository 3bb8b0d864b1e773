package org.contactsync.store.scrub;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Finding.WrongContact;
import org.contactsync.sync.scrub.Findings;
import org.contactsync.sync.scrub.Part;
import org.contactsync.sync.scrub.Round;
import org.contactsync.sync.scrub.ScrubRows;
import org.jspecify.annotations.Nullable;

/** Stores the round in {@code scrub_round} and findings in {@code scrub_finding}. Thread-safe. */
public final class JpaFindings implements Findings {
    /** Findings are counted up to this number. */
    private static final int MOST_COUNTED = 100_000;

    private static final String ROUND = "select last_book, began_millis, covered_millis from scrub_round where id = 1";
    private static final String COLUMNS = "f.book_id, b.owner_key, f.seq, f.parts, f.contacts, f.listed,"
            + " f.found_at_millis, f.checked_at_millis from scrub_finding f join book b on b.id = f.book_id";

    private final EntityManager em;

    public JpaFindings(EntityManager em) {
        this.em = em;
    }

    @Override
    public Optional<Round> claim(String holder, Instant now, Instant until) {
        em.createNativeQuery("insert into scrub_round (id, last_book, began_millis, holder, held_until_millis)"
                        + " values (1, 0, ?1, '', 0) on conflict do nothing")
                .setParameter(1, now.toEpochMilli())
                .executeUpdate();
        List<?> free = em.createNativeQuery(
                        ROUND + " and (holder = ?1 or held_until_millis <= ?2) for update skip locked")
                .setParameter(1, holder)
                .setParameter(2, now.toEpochMilli())
                .getResultList();
        if (free.isEmpty()) {
            return Optional.empty();
        }
        em.createNativeQuery("update scrub_round set holder = ?1, held_until_millis = ?2 where id = 1")
                .setParameter(1, holder)
                .setParameter(2, until.toEpochMilli())
                .executeUpdate();
        return Optional.of(round((Object[]) free.get(0)));
    }

    @Override
    public boolean save(String holder, Round round, Instant until) {
        return em.createNativeQuery("update scrub_round set last_book = ?1, began_millis = ?2,"
                                + " covered_millis = cast(?3 as bigint), held_until_millis = ?4"
                                + " where id = 1 and holder = ?5")
                        .setParameter(1, round.last())
                        .setParameter(2, round.began().toEpochMilli())
                        .setParameter(
                                3, round.covered().map(Instant::toEpochMilli).orElse(null))
                        .setParameter(4, until.toEpochMilli())
                        .setParameter(5, holder)
                        .executeUpdate()
                == 1;
    }

    @Override
    public boolean record(Finding finding, Instant now) {
        List<?> known = em.createNativeQuery("select parts, contacts, listed from scrub_finding where book_id = ?1")
                .setParameter(1, finding.book())
                .getResultList();
        String parts = words(finding.parts());
        String listed = text(finding.listed());
        if (known.isEmpty()) {
            em.createNativeQuery("insert into scrub_finding (book_id, seq, parts, contacts, listed, found_at_millis,"
                            + " checked_at_millis) values (?1, ?2, ?3, ?4, ?5, ?6, ?6)")
                    .setParameter(1, finding.book())
                    .setParameter(2, finding.seq())
                    .setParameter(3, parts)
                    .setParameter(4, finding.contacts())
                    .setParameter(5, listed)
                    .setParameter(6, now.toEpochMilli())
                    .executeUpdate();
            return true;
        }
        em.createNativeQuery("update scrub_finding set seq = ?2, parts = ?3, contacts = ?4, listed = ?5,"
                        + " checked_at_millis = ?6 where book_id = ?1")
                .setParameter(1, finding.book())
                .setParameter(2, finding.seq())
                .setParameter(3, parts)
                .setParameter(4, finding.contacts())
                .setParameter(5, listed)
                .setParameter(6, now.toEpochMilli())
                .executeUpdate();
        Object[] before = (Object[]) known.get(0);
        return !before[0].equals(parts)
                || ((Number) before[1]).longValue() != finding.contacts()
                || !before[2].equals(listed);
    }

    @Override
    public boolean clear(long book) {
        return em.createNativeQuery("delete from scrub_finding where book_id = ?1")
                        .setParameter(1, book)
                        .executeUpdate()
                == 1;
    }

    @Override
    public List<ScrubRows.Book> due(Instant until, int most) {
        List<?> rows = em.createNativeQuery("select b.id, b.owner_key, b.issuer, b.subject from scrub_finding f"
                        + " join book b on b.id = f.book_id where f.checked_at_millis <= ?1"
                        + " order by f.checked_at_millis limit ?2")
                .setParameter(1, until.toEpochMilli())
                .setParameter(2, most)
                .getResultList();
        return rows.stream().map(row -> JpaScrubRows.book((Object[]) row)).toList();
    }

    @Override
    public List<Found> page(long after, int most) {
        List<?> rows = em.createNativeQuery("select " + COLUMNS + " where f.book_id > ?1 order by f.book_id limit ?2")
                .setParameter(1, after)
                .setParameter(2, most)
                .getResultList();
        return rows.stream().map(row -> found((Object[]) row)).toList();
    }

    @Override
    public Figures figures() {
        List<?> round = em.createNativeQuery(ROUND).getResultList();
        Object findings = em.createNativeQuery(
                        "select count(*) from (select book_id from scrub_finding limit " + MOST_COUNTED + ") f")
                .getSingleResult();
        return new Figures(
                round.stream().findFirst().map(row -> round((Object[]) row)), ((Number) findings).longValue());
    }

    private static Round round(Object[] row) {
        return new Round(
                number(row[0]), time(row[1]), Optional.ofNullable(row[2]).map(JpaFindings::time));
    }

    private static Found found(Object[] row) {
        Finding finding = new Finding(
                number(row[0]),
                (String) row[1],
                number(row[2]),
                parts((String) row[3]),
                number(row[4]),
                Stream.of(((String) row[5]).split(" "))
                        .filter(each -> !each.isEmpty())
                        .map(JpaFindings::contact)
                        .toList());
        return new Found(finding, time(row[6]), time(row[7]));
    }

    /** Words with commas between them, in a fixed order. */
    private static String words(Set<Part> parts) {
        return parts.isEmpty()
                ? ""
                : EnumSet.copyOf(parts).stream().map(Part::wireName).collect(Collectors.joining(","));
    }

    /** Without the words that only a newer version knows. */
    private static Set<Part> parts(String words) {
        List<String> known = List.of(words.split(","));
        return Arrays.stream(Part.values())
                .filter(part -> known.contains(part.wireName()))
                .collect(Collectors.toSet());
    }

    private static String text(List<WrongContact> contacts) {
        return contacts.stream()
                .map(contact -> contact.uid() + ":" + words(contact.parts()))
                .collect(Collectors.joining(" "));
    }

    private static WrongContact contact(String text) {
        int colon = text.indexOf(':');
        return new WrongContact(text.substring(0, colon), parts(text.substring(colon + 1)));
    }

    private static Instant time(Object millis) {
        return Instant.ofEpochMilli(number(millis));
    }

    private static long number(@Nullable Object value) {
        return value == null ? 0 : ((Number) value).longValue();
    }
}
