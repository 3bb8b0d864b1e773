package org.contactsync.store.keyed;

import org.contactsync.store.sql.HistorySql;

/**
 * Statements for past versions of contacts. Parameter 1 is the book.
 *
 * <p>PostgreSQL may take any book to have few rows. Then one plan is as good as another for it, and it may read all rows of a large book for
 * each key. It cannot do so here. {@code book_id + 0} and {@code 0 + book_id} are not known to be the same as anything else: a row is looked
 * for with the whole key of one other row, and not with the book alone. {@code offset 0 rows} keeps a subquery as it is: it is asked for each
 * key, and is not made a join.
 */
public final class PastVersionsSql {
    /** Cards up to this many bytes are read with their row: 1.6 MiB of the 402 rows that a page asks for at most. */
    private static final int SMALL = 4 * 1024;

    private static final String VERSION = "select v.uid, case when octet_length(v.card) <= " + SMALL
            + " then v.card end, v.content_hash, v.from_seq, v.device, v.until_seq, b.at_micros, b.device, cast(-1 as bigint)";

    private static final String LOST = "select l.uid, case when octet_length(l.card) <= " + SMALL
            + " then l.card end, l.content_hash, l.seq, b.device, l.seq, b.at_micros, b.device, cast(-2 as bigint)";

    private static final String RETIRED = "select c.uid, case when octet_length(c.card) <= " + SMALL
            + " then c.card end, c.content_hash, c.seq, c.device, b.seq, b.at_micros, b.device, c.generation";

    /** In the place of a generation, of a card that lost a conflict. */
    public static final long NEVER_THERE = -2;

    /** Versions of a contact: ?2 uid, ?3 below, ?4 most. */
    public static final String OF_CONTACT = VERSION
            + " from contact_version v join book_change b on b.book_id = v.book_id + 0 and b.seq = v.until_seq"
            + " where v.book_id = ?1 and v.uid = ?2 and v.until_seq < ?3"
            + " order by v.book_id desc, v.uid desc, v.until_seq desc limit ?4";

    /** What a contact was in generations that an upload has replaced: ?2 uid, ?3 below, ?4 most. */
    public static final String OF_CONTACT_IN_RETIRED = RETIRED + " from retired_generation r"
            + " join contact c on c.book_id = r.book_id + 0 and c.generation = r.generation"
            + " join book_change b on b.book_id = 0 + r.book_id and b.seq = r.seq"
            + " where r.book_id = ?1 and c.card is not null and c.uid = ?2 and r.seq < ?3"
            + " order by r.seq desc limit ?4";

    /** Cards of a contact that lost a conflict: ?2 uid, ?3 below, ?4 most. */
    public static final String LOST_OF_CONTACT =
            LOST + " from lost_version l join book_change b on b.book_id = l.book_id + 0 and b.seq = l.seq"
                    + " where l.book_id = ?1 and l.uid = ?2 and l.seq < ?3"
                    + " order by l.book_id desc, l.uid desc, l.seq desc limit ?4";

    /** The number of the first change behind the last one that is missing: ?2 the last number that counts. */
    public static final String BEFORE_MISSING = "select c.seq from book_change c"
            + " where c.book_id = ?1 and c.seq > 1 and c.seq <= ?2 and " + HistorySql.KEPT
            + " and not exists (select 1 from book_change p where p.book_id = c.book_id + 0 and p.seq = c.seq - 1"
            + " and p.origin is distinct from '" + HistorySql.EXPIRED
            + "') order by c.book_id desc, c.seq desc limit 1";

    private static final String ROW_OF_KEY =
            "exists (select 1 from contact n where n.book_id = ?1 and n.generation = ?2 and n.uid = k.uid";

    private static final String ALONE = " offset 0 rows)";

    /** Of keys k: the contact is not in the book, was not deleted by a later task, and has no later version. */
    private static final String GONE =
            " where not " + ROW_OF_KEY + " and (n.card is not null or n.seq > k.until_seq)" + ALONE
                    + " and not exists (select 1 from contact_version w where w.book_id = ?1 and w.uid = k.uid"
                    + " and w.until_seq > k.until_seq" + ALONE
                    + " and not exists (select 1 from retired_generation r join contact o on o.book_id = r.book_id + 0"
                    + " and o.generation = r.generation and o.uid = k.uid and o.card is not null"
                    + " where r.book_id = ?1 and r.seq > k.until_seq" + ALONE;

    private static final String LATEST_FIRST = " order by k.until_seq desc, k.uid desc limit ";

    private static final String VERSIONS =
            "select v.book_id, v.uid, v.until_seq from contact_version v where v.book_id = ?1 and ";

    private static final String VERSIONS_DOWN = " order by v.book_id desc, v.until_seq desc, v.uid desc limit ";

    private static final String CONTACTS = "select c.book_id, c.uid, cast(?3 as bigint) as until_seq from contact c"
            + " where c.book_id = ?1 and c.generation = ?4 and c.card is not null";

    private static final String CONTACTS_DOWN = " order by c.book_id desc, c.generation desc, c.uid desc limit ";

    private PastVersionsSql() {}

    /**
     * Cards that lost a conflict, of all contacts, the latest first: ?2 until, ?3 a uid if it goes on below one. The subquery tells the planner
     * that there are few; it would rather read a long list of changes as a whole.
     */
    public static String everyLost(boolean below, int most) {
        return LOST + " from (select d.book_id, d.seq, d.uid, d.card, d.content_hash from lost_version d"
                + " where d.book_id = ?1 and d.seq <= ?2" + (below ? " and (d.seq < ?2 or d.uid < ?3)" : "")
                + " and exists (select 1 from book_change n where n.book_id = d.book_id and n.seq = d.seq" + ALONE
                + " order by d.book_id desc, d.seq desc, d.uid desc limit " + most + ") l"
                + " join book_change b on b.book_id = l.book_id and b.seq = l.seq order by l.seq desc, l.uid desc";
    }

    /** Keys of versions: ?3 the last number, ?4 the number before the first one. */
    public static String versions(int most) {
        return VERSIONS + "v.until_seq <= ?3 and v.until_seq > ?4" + VERSIONS_DOWN + most;
    }

    /** Keys of versions that one task ended: ?3 its number, ?4 a uid that they are below. */
    public static String versionsOfTask(int most) {
        return VERSIONS + "v.until_seq = ?3 and v.uid < ?4" + VERSIONS_DOWN + most;
    }

    /** Keys of contacts: ?3 the number of the task that replaced them, ?4 their generation, ?5 a uid if it goes on below one. */
    public static String contacts(boolean below, int most) {
        return CONTACTS + (below ? " and c.uid < ?5" : "") + CONTACTS_DOWN + most;
    }

    /**
     * Those of {@code keys} whose contact is not in generation ?2 and that are its last version.
     *
     * @param keys a statement for book_id, uid and until_seq in descending order
     * @param ofGeneration whether they are of contacts of generation {@code ?4}
     */
    public static String gone(String keys, boolean ofGeneration, int most) {
        return of(keys, ofGeneration) + GONE + LATEST_FIRST + most;
    }

    /**
     * As {@link #gone}, and only those above a number or with a row.
     *
     * @param parameter that of the number
     */
    public static String goneAbove(int parameter, String keys, boolean ofGeneration, int most) {
        String notMissed = " and (k.until_seq > ?" + parameter + " or " + ROW_OF_KEY + ALONE + ")";
        return of(keys, ofGeneration) + GONE + notMissed + LATEST_FIRST + most;
    }

    /** All versions of {@code keys}. Parameter 2 is not used. */
    public static String every(String keys, boolean ofGeneration, int most) {
        return of(keys, ofGeneration) + " where ?2 is not null" + LATEST_FIRST + most;
    }

    private static String of(String keys, boolean ofGeneration) {
        return ofGeneration
                ? RETIRED + " from (" + keys + ") k"
                        + " join contact c on c.book_id = k.book_id and c.generation = ?4 and c.uid = k.uid"
                        + " join book_change b on b.book_id = k.book_id + 0 and b.seq = k.until_seq"
                : VERSION + " from (" + keys + ") k"
                        + " join contact_version v on v.book_id = k.book_id and v.until_seq = k.until_seq and v.uid = k.uid"
                        + " join book_change b on b.book_id = k.book_id + 0 and b.seq = k.until_seq";
    }
}
