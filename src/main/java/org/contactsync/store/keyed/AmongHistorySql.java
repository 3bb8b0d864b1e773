package org.contactsync.store.keyed;

import org.contactsync.store.sql.HistorySql;

/**
 * What the history of a book has of some uids, on PostgreSQL. As in {@link AmongSql} the uids are a table that has the other columns of the key
 * as well, so that each of them is looked for by the index.
 */
public final class AmongHistorySql {
    /** Copies contacts that are about to be written over: book, generation, array of uids, their number, the change's number. */
    public static final String KEEP = "insert into contact_version " + HistorySql.VERSION
            + " select c.book_id, cast(?5 as bigint), c.uid, c.seq, c.card, c.content_hash, c.position, c.entry_sum, c.device"
            + AmongSql.CONTACTS + " where c.card is not null";

    /**
     * Cards that are there since a state: book, generation, array of uids, their number, the number of the state. "+ 0" leaves the index of
     * uids as the best one.
     */
    public static final String STILL = "select c.uid, c.card" + AmongSql.CONTACTS
            + " where c.seq + 0 <= cast(?5 as bigint) and c.card is not null";

    /** Cards that a later change wrote over: book, number of the state, array of uids, their number. */
    public static final String ENDED = """
            select v.uid, v.card
            from (select cast(?1 as bigint) as book, cast(?2 as bigint) as seq, r.uid
                  from unnest(cast(?3 as bytea[])) as r(uid) limit cast(?4 as bigint)) as among
            join contact_version v on v.book_id = among.book and v.uid = among.uid
            where v.from_seq <= among.seq and v.until_seq + 0 > among.seq
            """;

    /** ?1 book, ?2 array of uids, ?3 array of their hashes, ?4 their number. */
    private static final String CONTENTS = """
            (select cast(?1 as bigint) as book, r.uid, r.hash
             from unnest(cast(?2 as bytea[]), cast(?3 as bytea[])) as r(uid, hash) limit cast(?4 as bigint)) as among
            """;

    /**
     * ?5 time, ?6 most versions. The change of a version says when it ended; without one the version is about to be removed. The book is
     * that of the version, not the parameter: PostgreSQL could read all changes of the book otherwise.
     */
    private static final String SINCE = """
             limit cast(?6 as bigint)) k
            join book_change c on c.book_id = k.book and c.seq = k.seq and c.at_micros >= ?5 and {kept}
            where k.content_hash = k.hash
            """.replace("{kept}", HistorySql.KEPT);

    private static final String KNOWN =
            "select k.uid, k.content_hash from (select among.book, among.hash, w.uid, w.content_hash, ";

    /** Which contents contacts have: book, array of uids, array of hashes, their number, generation. */
    public static final String KNOWN_NOW = "select c.uid, c.content_hash from " + CONTENTS
            + " join contact c on c.book_id = among.book and c.generation = cast(?5 as bigint) and c.uid = among.uid"
            + " where c.content_hash = among.hash";

    /** Which contents contacts had: book, array of uids, array of hashes, their number, time, most versions. */
    public static final String KNOWN_ENDED = KNOWN + "w.until_seq as seq from " + CONTENTS
            + " join contact_version w on w.book_id = among.book and w.uid = among.uid" + SINCE;

    /** Which contents lost a conflict: book, array of uids, array of hashes, their number, time, most versions. */
    public static final String KNOWN_LOST = KNOWN + "w.seq from " + CONTENTS
            + " join lost_version w on w.book_id = among.book and w.uid = among.uid" + SINCE;

    /**
     * Which contents contacts had in replaced generations: book, array of uids, array of hashes, their number, time, most versions.
     * "offset 0 rows" keeps a subquery apart, so that PostgreSQL reads the generations of this book only, and then looks for each uid in each
     * of them.
     */
    public static final String KNOWN_RETIRED =
            KNOWN + "g.seq from (select r.generation, r.seq from retired_generation r"
                    + " where r.book_id = cast(?1 as bigint) offset 0 rows) g cross join " + CONTENTS
                    + " cross join lateral (select o.uid, o.content_hash from contact o where o.book_id = among.book"
                    + " and o.generation = g.generation and o.uid = among.uid offset 0 rows) w" + SINCE;

    private AmongHistorySql() {}
}
