package org.contactsync.store.sql;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The statements that lock and write a book. A column of {@code book} stands in the two lists here, and is read and bound in
 * {@link BookColumns}; nowhere else.
 */
public final class BookSql {
    /** In the order in which {@link BookColumns#read} takes them. */
    private static final String BOOK = """
            book.id, book.check_key, book.generation, book.last_generation, book.contact_count, book.entry_sum, book.seq,
            book.changes_from, book.open_tasks, book.hold_task, book.hold_until_millis, book.revision, book.card_bytes,
            book.card_bytes_seq
            """;

    /** The bytes are those of the sequence number: a version that does not know them changes the one and leaves the other. */
    private static final String CHANGED = """
            generation = :generation, last_generation = :lastGeneration, contact_count = :contactCount,
            entry_sum = :entrySum, seq = :seq, changes_from = :changesFrom, open_tasks = :openTasks,
            revision = revision + 1, card_bytes = cast(:cardBytes as bigint), card_bytes_seq = :seq
            """;

    /** What may be absent has a type: PostgreSQL takes no untyped null. Bytes that may be absent are digits: both have one type. */
    private static final String TASK = """
            (book_id, id, kind, state, priority, accepted_at_micros, request_digest, first_code, reply_queue,
            reply_correlation, expires_at_millis, attempts, answer_status, answer_body, device, answer_code,
            answer_retry_seconds, seq_after, code_after)
            select saved.id, :task, :kind, :state, :priority, :acceptedAt, :requestDigest, :firstCode, :replyQueue,
            :replyCorrelation, :expiresAt, :attempts, :answerStatus, :answerBody, cast(:device as varchar),
            cast(:answerCode as varchar), cast(:answerRetry as integer), cast(:seqAfter as bigint),
            cast(:codeAfter as varchar)
            """;

    /** Reads what the version of the contact that is written over takes in the history, as {@link HistorySql#VERSION_BYTES}. */
    private static final String OLD = """
            old as (
                select octet_length(c.card) + 512 as bytes from contact c
                where c.book_id = :book and c.generation = :generation and c.uid = :uid and c.card is not null)
            """;

    /** The book's row, and what {@code old} adds to the bytes of its history. */
    private static final String SAVED = """
            saved as (
                update book set {changed}, hold_task = null, hold_until_millis = null,
                    history_bytes = coalesce(history_bytes, 0) + coalesce((select bytes from old), 0)
                where id = :book and revision = :revision returning id, history_bytes)
            """;

    /** The version that is written over, if there is one: both read the row as it was before the statement. */
    private static final String KEPT = """
            kept as (
                insert into contact_version {version}
                select c.book_id, :seq, c.uid, c.seq, c.card, c.content_hash, c.position, c.entry_sum, c.device
                from saved join contact c
                    on c.book_id = saved.id and c.generation = :generation and c.uid = :uid and c.card is not null)
            """;

    /** How many contacts were put and deleted stands behind it. */
    private static final String NOTED = """
            noted as (
                insert into book_change {change}
                select saved.id, :seq, :changedAt, :generation, :kind, :task, cast(:device as varchar), :codeBefore,
                    cast(:codeAfter as varchar), :contactCount,
                    saved.history_bytes - coalesce((select bytes from old), 0)
            """;

    public static final Sql READ = statement("Book.read", """
            select {book} from book where owner_key = :owner
            """);

    /** Waits for whoever has the lock: what it sees of other rows may be older than the lock. */
    public static final Sql LOCK = statement("Book.lock", """
            select {book}, {now} from book where owner_key = :owner for update
            """);

    /** Whether the task has no row is told as of the beginning of the statement, here and in the next one. PostgreSQL only. */
    public static final Sql LOCK_NOW = statement("Book.lockNow", """
            select {book}, {now}, not exists (select 1 from sync_task t where t.id = :task)
            from book where owner_key = :owner for update nowait
            """);

    /**
     * With a contact, and the revision of the book that the contact belongs to: both as of the beginning of the statement. What was
     * committed before it had the lock is in the columns of {@code book} alone. PostgreSQL only.
     */
    public static final Sql LOCK_NOW_WITH_CONTACT = statement("Book.lockNowWithContact", """
            select {book}, {now}, not exists (select 1 from sync_task t where t.id = :task),
                (select b.revision from book b where b.id = book.id),
                c.content_hash, c.position, c.entry_sum, octet_length(c.card), c.seq, c.device, c.alternation
            from book
            left join contact c on c.book_id = book.id and c.generation = book.generation and c.uid = :uid
            where owner_key = :owner for update of book nowait
            """);

    /**
     * H2 may read a small table from its beginning and then wants the lock of every row that it passes, those of other users too. By
     * the primary key it locks one row.
     */
    public static final Sql ID = statement("Book.id", """
            select id from book where owner_key = :owner
            """);

    public static final Sql LOCK_BY_ID = statement("Book.lockById", """
            select {book}, {now} from book where id = :book for update
            """);

    public static final Sql LOCK_BY_ID_NOW = statement("Book.lockByIdNow", """
            select {book}, {now} from book where id = :book for update nowait
            """);

    public static final Sql LOCK_BY_ID_IF_FREE = statement("Book.lockByIdIfFree", """
            select {book}, {now} from book where id = :book for update skip locked
            """);

    /** Two first requests of a user may come at once: the second finds the row of the first. */
    public static final Sql INSERT = statement("Book.insert", """
            insert into book (owner_key, issuer, subject, check_key, generation, last_generation, contact_count, entry_sum,
                seq, changes_from, open_tasks, revision)
            values (:owner, :issuer, :subject, :checkKey, 0, 0, 0, :entrySum, 0, 0, 0, 0) on conflict do nothing
            """);

    public static final Sql UPDATE = statement("Book.update", """
            update book set {changed}, hold_task = null, hold_until_millis = null
            where id = :book and revision = :revision
            """);

    /** An absent hold is no parameter: it would have another type than one that is there, and be prepared anew. */
    public static final Sql UPDATE_HELD = statement("Book.updateHeld", """
            update book set {changed}, hold_task = :holdTask, hold_until_millis = :holdUntil
            where id = :book and revision = :revision
            """);

    /**
     * A book without a hold and the row of a task, in one statement; below with a contact. Of a book that has moved on nothing is
     * written. The task's row is added only when the others are written, and is told of only when it is new: one row comes back, or all
     * has to be rolled back. PostgreSQL only: H2 has no statement that changes one table and adds to another.
     */
    public static final Sql WRITE = statement("Book.write", """
            with saved as (
                update book set {changed}, hold_task = null, hold_until_millis = null
                where id = :book and revision = :revision returning id)
            insert into sync_task {task} from saved
            on conflict (id) do nothing returning 1
            """);

    public static final Sql WRITE_WITH_CHANGED_CONTACT = statement("Book.writeWithChangedContact", """
            with {old}, {saved}, {kept},
            written as (
                update contact set card = :card, content_hash = :contentHash, entry_sum = :entry, seq = :contactSeq,
                    device = cast(:contactDevice as varchar),
                    alternation = decode(cast(:alternation as varchar), 'hex')
                from saved
                where contact.book_id = saved.id and contact.generation = :generation and contact.uid = :uid returning 1),
            {noted}, 1, 0 from saved)
            insert into sync_task {task} from saved, written
            on conflict (id) do nothing returning 1
            """);

    public static final Sql WRITE_WITH_DELETED_CONTACT = statement("Book.writeWithDeletedContact", """
            with {old}, {saved}, {kept},
            written as (
                update contact set card = null, content_hash = null, entry_sum = :entry, seq = :contactSeq,
                    device = cast(:contactDevice as varchar),
                    alternation = decode(cast(:alternation as varchar), 'hex')
                from saved
                where contact.book_id = saved.id and contact.generation = :generation and contact.uid = :uid returning 1),
            {noted}, 0, 1 from saved)
            insert into sync_task {task} from saved, written
            on conflict (id) do nothing returning 1
            """);

    /** Nothing is written over: its version would be that of nobody. */
    public static final Sql WRITE_WITH_NEW_CONTACT = statement("Book.writeWithNewContact", """
            with old as (select 0 as bytes), {saved},
            written as (
                insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq, device)
                select saved.id, :generation, :uid, :card, :contentHash, :position, :entry, :contactSeq,
                    cast(:contactDevice as varchar)
                from saved returning 1),
            {noted}, 1, 0 from saved)
            insert into sync_task {task} from saved, written
            on conflict (id) do nothing returning 1
            """);

    /** All of them, and those that only PostgreSQL understands. */
    public static final List<Sql> POSTGRES = List.of(
            LOCK_NOW,
            LOCK_NOW_WITH_CONTACT,
            WRITE,
            WRITE_WITH_CHANGED_CONTACT,
            WRITE_WITH_DELETED_CONTACT,
            WRITE_WITH_NEW_CONTACT);

    public static final List<Sql> COMMON = List.of(
            READ,
            LOCK,
            ID,
            LOCK_BY_ID,
            LOCK_BY_ID_NOW,
            LOCK_BY_ID_IF_FREE,
            INSERT,
            UPDATE,
            UPDATE_HELD,
            HistorySql.NOTE,
            HistorySql.ADD_BYTES);

    private BookSql() {}

    /** Reads the books of {@code count} owners, whose keys are its parameters by number; behind the book stands the key of its owner. */
    public static String readAll(int count) {
        String keys =
                IntStream.rangeClosed(1, count).mapToObj(number -> "?" + number).collect(joining(", "));
        return "select " + BOOK.strip() + ", owner_key from book where owner_key in (" + keys + ")";
    }

    private static Sql statement(String name, String text) {
        return Sql.of(name, expanded(text));
    }

    /** A text with the lists and parts in the places of their names. */
    static String expanded(String text) {
        return text.replace("{old}", OLD.strip())
                .replace("{saved}", SAVED.strip())
                .replace("{kept}", KEPT.strip())
                .replace("{noted}", NOTED.strip())
                .replace("{version}", HistorySql.VERSION)
                .replace("{change}", HistorySql.CHANGE)
                .replace("{book}", BOOK.strip())
                .replace("{now}", DatabaseTime.MICROS)
                .replace("{changed}", CHANGED.strip())
                .replace("{task}", TASK.strip());
    }
}
