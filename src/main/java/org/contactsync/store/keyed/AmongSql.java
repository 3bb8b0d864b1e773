package org.contactsync.store.keyed;

import org.contactsync.store.sql.RowArrays;

/**
 * Rows of some uids, of which PostgreSQL takes an array and its size. The uids are a table of one row for the planner ({@link RowArrays#table}), and that table has
 * the other columns of the key as well. So each uid is looked for by the index. Up to PostgreSQL 16 a list or an array of uids beside these columns
 * may become a filter of all rows of a book or a task instead, if the planner takes them to be few: 700 ms instead of 2 ms for 500 uids and 50,000 rows.
 */
public final class AmongSql {
    /** Contacts {@code c}: ?1 book, ?2 generation, ?3 array of uids, ?4 their number. */
    static final String CONTACTS = """
             from (select cast(?1 as bigint) as book, cast(?2 as bigint) as generation, r.uid
                   from unnest(cast(?3 as bytea[])) as r(uid) limit cast(?4 as bigint)) as among
            join contact c on c.book_id = among.book and c.generation = among.generation and c.uid = among.uid
            """;

    /** Uid and hash of contacts that are not deleted: book, generation, array of uids, their number. */
    public static final String HASHES = "select c.uid, c.content_hash" + CONTACTS + " where c.content_hash is not null";

    /** What is known of contacts beside their cards: book, generation, array of uids, their number. */
    public static final String MARKS =
            "select c.uid, c.content_hash, c.position, c.entry_sum, octet_length(c.card), c.seq, c.device,"
                    + " c.alternation" + CONTACTS;

    /** The uids that an upload of changes has: task, array of uids, their number. */
    public static final String STAGED = """
            select s.uid from (select cast(?1 as uuid) as task, r.uid
                from unnest(cast(?2 as bytea[])) as r(uid) limit cast(?3 as bigint)) as among
            join staged_change s on s.task_id = among.task and s.uid = among.uid
            """;

    /** The highest number of the tasks of a book that came to each of some check codes: book, array of codes, their number. */
    public static final String WITH_CODES = """
            select t.code_after, max(t.seq_after) from (select cast(?1 as bigint) as book, r.code
                from unnest(cast(?2 as text[])) as r(code) limit cast(?3 as bigint)) as among
            join sync_task t on t.book_id = among.book and t.code_after = among.code
            group by t.code_after
            """;

    private AmongSql() {}
}
