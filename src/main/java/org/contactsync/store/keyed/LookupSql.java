package org.contactsync.store.keyed;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements on the entries of lookup indexes. PostgreSQL may take a book to have few entries and few contacts. Where conditions of a join
 * become filters, it then reads all of them: 600 ms instead of 2 ms for 20,000 contacts. So a subquery looks for the contact of each entry,
 * and uids are a table as in {@link AmongSql}.
 */
public final class LookupSql {
    /** Which entries: ?4 and ?5 are the bounds. */
    public enum Range {
        /** From the beginning. */
        FROM("e.entry >= ?4 and e.entry < ?5"),
        /** Behind an entry. */
        BEHIND("e.entry > ?4 and e.entry < ?5"),
        /** The same entry of further contacts. */
        WITHIN("e.entry = ?4 and e.uid > ?5");

        private final String condition;

        Range(String condition) {
            this.condition = condition;
        }
    }

    /** What a row counts for besides uid and entry, which stand in two indexes: its numbers, and room for label and name. */
    public static final int ROW = 256;

    private static final String SUM =
            "select coalesce(sum(" + ROW + " + 2 * (octet_length(e.uid) + octet_length(e.entry))), 0)";

    /** ?1 book, ?2 epoch, ?3 array of uids, ?4 their number. */
    private static final String AMONG = """
            (select cast(?1 as bigint) as book, cast(?2 as bigint) as epoch, r.uid
                from unnest(cast(?3 as bytea[])) as r(uid) limit cast(?4 as bigint)) as among
            """;

    private static final String OF_AMONG = " e.book_id = among.book and e.epoch = among.epoch and e.uid = among.uid";

    /** The bytes of the entries of some contacts: book, epoch, array of uids without repetition, their number. PostgreSQL only. */
    public static final String BYTES_AMONG = SUM + " from " + AMONG + "join lookup_entry e on" + OF_AMONG;

    /** Removes the entries of some contacts: as {@link #BYTES_AMONG}. */
    public static final String REMOVE_AMONG = "delete from lookup_entry e using " + AMONG + "where" + OF_AMONG;

    /**
     * An entry whose contact is what it was derived from. {@code offset 0 rows} changes no result. With it PostgreSQL does not turn the
     * subquery into a join, and looks for the contact by its key.
     */
    private static final String ENTRY = "select e.entry, e.uid, e.seq, e.label, e.name, e.marks from lookup_entry e"
            + " where e.book_id = ?1 and e.epoch = ?2 and exists (select 1 from contact c where c.book_id = e.book_id"
            + " and c.generation = ?3 and c.uid = e.uid and c.seq = e.seq and c.content_hash is not null offset 0 rows)";

    private static final String ORDER = " order by e.book_id, e.epoch, e.entry, e.uid limit ?6";

    private LookupSql() {}

    /** The bytes of the entries of so many contacts: book, epoch, and the uids from ?3 on. For any database. */
    public static String bytesIn(int uids) {
        return SUM + " from lookup_entry e" + in(uids);
    }

    /** Removes the entries of so many contacts: as {@link #bytesIn}. */
    public static String removeIn(int uids) {
        return "delete from lookup_entry e" + in(uids);
    }

    private static String in(int uids) {
        return IntStream.range(3, 3 + uids)
                .mapToObj(number -> "?" + number)
                .collect(Collectors.joining(", ", " where e.book_id = ?1 and e.epoch = ?2 and e.uid in (", ")"));
    }

    /**
     * Entries in the order of their bytes and of the uids: book, epoch, generation, two bounds, how many at most, and two bounds for each of
     * the other entries.
     *
     * @param others how many other entries each contact has
     */
    public static String entries(Range range, int others) {
        StringBuilder sql = new StringBuilder(ENTRY).append(" and ").append(range.condition);
        for (int i = 0; i < others; i++) {
            sql.append(other(7 + 2 * i));
        }
        return sql.append(ORDER).toString();
    }

    /**
     * Another entry of the same contact. The empty bytes change no result. With them PostgreSQL cannot compare entries in the index by
     * entry, where a short word may have the entries of a whole book, and uses the primary key.
     */
    private static String other(int bound) {
        String entry = " and o.entry || cast('' as bytea)";
        return " and exists (select 1 from lookup_entry o"
                + " where o.book_id = e.book_id and o.epoch = e.epoch and o.uid = e.uid"
                + entry + " >= ?" + bound + entry + " < ?" + (bound + 1) + " offset 0 rows)";
    }
}
