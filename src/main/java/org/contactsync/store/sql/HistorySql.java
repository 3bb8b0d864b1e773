package org.contactsync.store.sql;

/** What is written of the history of a book when it is not written together with the book. */
public final class HistorySql {
    /** Bytes that a version counts for besides its card. */
    public static final int VERSION_BYTES = 512;

    /** The origin of a change that restored what was. */
    public static final String RESTORE = "restore";

    /**
     * The origin of the last change of a book when nothing else of it is kept: it is not part of the history any more. Its row only tells
     * when the book changed last, and how, to those who have not been told (decision 40).
     */
    public static final String EXPIRED = "expired";

    /** A change {@code c} is part of the history. */
    public static final String KEPT = "c.origin is distinct from '" + EXPIRED + "'";

    /** Columns of {@code contact_version}. */
    public static final String VERSION =
            "(book_id, until_seq, uid, from_seq, card, content_hash, position, entry_sum, device)";

    /** Columns of {@code book_change}. */
    public static final String CHANGE = "(book_id, seq, at_micros, generation, kind, task_id, device, code_before,"
            + " code_after, contact_count, bytes_before, puts, deletes)";

    /** The change itself; before {@link #ADD_BYTES}. */
    public static final Sql NOTE =
            Sql.of("History.note", """
            insert into book_change {change}, origin)
            select b.id, cast(:seq as bigint), cast(:changedAt as bigint), cast(:generation as bigint),
                cast(:kind as varchar), cast(:task as uuid), cast(:device as varchar), cast(:codeBefore as varchar),
                cast(:codeAfter as varchar), cast(:contactCount as bigint), coalesce(b.history_bytes, 0),
                cast(:puts as bigint), cast(:deletes as bigint), cast(:origin as varchar)
            from book b where b.id = :book
            """.replace("{change}", CHANGE.substring(0, CHANGE.length() - 1)));

    /** What the versions of a change, and the generation that it retired, add to the bytes of the history. */
    public static final Sql ADD_BYTES = Sql.of("History.addBytes", """
            update book set history_bytes = coalesce(history_bytes, 0)
                + coalesce((select sum(octet_length(v.card) + 512) from contact_version v
                    where v.book_id = :book and v.until_seq = :seq), 0)
                + coalesce((select sum(r.staged_bytes) from retired_generation r
                    where r.book_id = :book and r.seq = :seq), 0)
            where id = :book
            """);

    private HistorySql() {}
}
