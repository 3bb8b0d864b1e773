package org.contactsync.store.sql;

import static org.contactsync.store.sql.RowArrays.Type.BIGINT;
import static org.contactsync.store.sql.RowArrays.Type.BOOLEAN;
import static org.contactsync.store.sql.RowArrays.Type.BYTES;
import static org.contactsync.store.sql.RowArrays.Type.INTEGER;
import static org.contactsync.store.sql.RowArrays.Type.TEXT;

import java.util.List;
import org.contactsync.store.sql.RowArrays.Column;
import org.contactsync.store.sql.RowArrays.Type;

/**
 * The statements that lock and write the books of several owners, each with its contacts and its task, in one transaction of PostgreSQL.
 * They take their rows as arrays. What they write of each book is what the statements of {@link BookSql} write of one; the columns have
 * the names of the parameters there.
 */
public final class GroupSql {
    /** Whose book is wanted, and the task and the contact that are read with it. */
    public static final List<Column> WANTED = List.of(of("owner", TEXT), of("task", TEXT), of("uid", BYTES));

    /** A book, and the task that changes it. */
    public static final List<Column> UPDATE = List.of(
            of("book", BIGINT),
            of("revision", BIGINT),
            of("generation", BIGINT),
            of("lastGeneration", BIGINT),
            of("contactCount", BIGINT),
            of("entrySum", BYTES),
            of("seq", BIGINT),
            of("changesFrom", BIGINT),
            of("openTasks", INTEGER),
            of("cardBytes", BIGINT),
            of("task", TEXT),
            of("kind", TEXT),
            of("state", TEXT),
            of("priority", TEXT),
            of("acceptedAt", BIGINT),
            of("requestDigest", TEXT),
            of("firstCode", TEXT),
            of("replyQueue", TEXT),
            of("replyCorrelation", TEXT),
            of("expiresAt", BIGINT),
            of("attempts", INTEGER),
            of("answerStatus", INTEGER),
            of("answerBody", BYTES),
            of("device", TEXT),
            of("answerCode", TEXT),
            of("answerRetry", INTEGER),
            of("seqAfter", BIGINT),
            of("codeAfter", TEXT),
            of("changedAt", BIGINT),
            of("codeBefore", TEXT),
            of("puts", BIGINT),
            of("deletes", BIGINT));

    /** A contact of such a book. */
    public static final List<Column> CONTACT = List.of(
            of("book", BIGINT),
            of("generation", BIGINT),
            of("uid", BYTES),
            of("existing", BOOLEAN),
            of("card", BYTES),
            of("contentHash", BYTES),
            of("position", INTEGER),
            of("entry", BYTES),
            of("contactSeq", BIGINT),
            of("contactDevice", TEXT),
            of("alternation", TEXT));

    /**
     * Locks the books that nobody else has locked, in one order. The columns are those of {@link BookSql#LOCK_NOW_WITH_CONTACT}, then the
     * number of the wanted row, from 1. The planner cannot merge a query that has {@code offset} into the join: so it looks for the contact by
     * its whole key. A planner that takes books to be small would read all contacts of each book otherwise.
     */
    public static final String LOCK_FREE =
            BookSql.expanded("""
            select {book}, {now}, not exists (select 1 from sync_task t where t.id = cast(w.task as uuid)),
                (select b.revision from book b where b.id = book.id),
                c.content_hash, c.position, c.entry_sum, octet_length(c.card), c.seq, c.device, c.alternation, w.number
            from {wanted}
            join book on book.owner_key = w.owner
            left join lateral (
                select x.content_hash, x.position, x.entry_sum, x.card, x.seq, x.device, x.alternation
                from contact x where x.book_id = book.id and x.generation = book.generation and x.uid = w.uid offset 0) c
                on true
            order by book.id
            for update of book skip locked
            """).replace("{wanted}", RowArrays.numberedTable("w", WANTED));

    /**
     * Writes the books whose tasks have no row yet, and of the others nothing. A row for each that is written: its id, then twice what has to
     * be compared: how many books and how many contacts were written in all. The rows of tasks are added in one order, so that two
     * transactions with the same tasks do not wait for each other.
     */
    public static final String WRITE = BookSql.expanded("""
            with w as (select * from {updates}), c as (select * from {contacts}),
            added as (
                insert into sync_task (book_id, id, kind, state, priority, accepted_at_micros, request_digest, first_code,
                    reply_queue, reply_correlation, expires_at_millis, attempts, answer_status, answer_body, device,
                    answer_code, answer_retry_seconds, seq_after, code_after)
                select w.book, cast(w.task as uuid), w.kind, w.state, w.priority, w.acceptedAt, w.requestDigest, w.firstCode,
                    w.replyQueue, cast(w.replyCorrelation as uuid), w.expiresAt, w.attempts, w.answerStatus, w.answerBody,
                    w.device, w.answerCode, w.answerRetry, w.seqAfter, w.codeAfter
                from w order by w.task
                on conflict (id) do nothing returning book_id),
            replaced as (
                select t.book_id, sum(octet_length(t.card) + 512) as bytes
                from c join contact t on t.book_id = c.book and t.generation = c.generation and t.uid = c.uid
                where t.card is not null group by t.book_id),
            saved as (
                update book set generation = w.generation, last_generation = w.lastGeneration,
                    contact_count = w.contactCount, entry_sum = w.entrySum, seq = w.seq, changes_from = w.changesFrom,
                    open_tasks = w.openTasks, revision = book.revision + 1, card_bytes = w.cardBytes,
                    card_bytes_seq = w.seq, hold_task = null, hold_until_millis = null,
                    history_bytes = coalesce(book.history_bytes, 0) + coalesce(replaced.bytes, 0)
                from w join added on added.book_id = w.book left join replaced on replaced.book_id = w.book
                where book.id = w.book and book.revision = w.revision
                returning book.id, book.history_bytes - coalesce(replaced.bytes, 0) as bytes_before),
            kept as (
                insert into contact_version {version}
                select t.book_id, c.contactSeq, t.uid, t.seq, t.card, t.content_hash, t.position, t.entry_sum, t.device
                from saved join c on c.book = saved.id
                join contact t on t.book_id = c.book and t.generation = c.generation and t.uid = c.uid
                where t.card is not null),
            changed as (
                update contact t set card = c.card, content_hash = c.contentHash, entry_sum = c.entry, seq = c.contactSeq,
                    device = c.contactDevice, alternation = decode(c.alternation, 'hex')
                from c join saved on saved.id = c.book
                where c.existing and t.book_id = c.book and t.generation = c.generation and t.uid = c.uid returning 1),
            made as (
                insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq, device)
                select c.book, c.generation, c.uid, c.card, c.contentHash, c.position, c.entry, c.contactSeq, c.contactDevice
                from c join saved on saved.id = c.book
                where not c.existing returning 1),
            noted as (
                insert into book_change {change}
                select saved.id, w.seq, w.changedAt, w.generation, w.kind, cast(w.task as uuid), w.device, w.codeBefore,
                    w.codeAfter, w.contactCount, saved.bytes_before, w.puts, w.deletes
                from saved join w on w.book = saved.id)
            select added.book_id, (select count(*) from saved),
                (select count(*) from changed) + (select count(*) from made)
            from added
            """)
            .replace("{updates}", RowArrays.table("w", UPDATE))
            .replace("{contacts}", RowArrays.table("c", CONTACT));

    private GroupSql() {}

    private static Column of(String name, Type type) {
        return new Column(name, type);
    }
}
