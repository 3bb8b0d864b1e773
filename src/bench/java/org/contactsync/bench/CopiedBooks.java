package org.contactsync.bench;

import java.io.IOException;
import java.util.List;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.bench.StoredBooks.Found;

/**
 * Many users whose books are copies of one small book that the service has changed once: its row and contacts, its last task, the entry
 * and the version of its history. All hashes and codes are right, since the check key is copied, too. Only names and ids differ. One thread
 * at a time.
 */
final class CopiedBooks {
    /** Of each book. */
    static final int CONTACTS = 10;

    private static final int SALT = 17;
    private static final String USER = "copy-";

    /** Behind the model with its columns stand the users; the key of an owner is made as {@code Owner} makes it. */
    private static final String STATEMENT = """
            with made as (
                insert into book (owner_key, subject, {book})
                select rtrim(translate(encode(sha256(convert_to(book.issuer, 'UTF8') || '\\x00'::bytea
                        || convert_to('{user}' || n, 'UTF8')), 'base64'), '+/', '-_'), '='),
                    '{user}' || n, {book}
                from book, generate_series(1, {count}) n where book.id = {model} returning id),
            tasks as (
                insert into sync_task (id, book_id, {sync_task})
                select gen_random_uuid(), made.id, {sync_task} from sync_task, made where sync_task.book_id = {model}),
            changes as (
                insert into book_change (book_id, {book_change})
                select made.id, {book_change} from book_change, made where book_change.book_id = {model}),
            versions as (
                insert into contact_version (book_id, {contact_version})
                select made.id, {contact_version} from contact_version, made where contact_version.book_id = {model})
            insert into contact (book_id, {contact})
            select made.id, {contact} from contact, made where contact.book_id = {model}
            """;

    private final Bench bench;

    CopiedBooks(Bench bench) {
        this.bench = bench;
    }

    /**
     * Writes so many books with {@value #CONTACTS} contacts each: the model by the service, the others by one statement. The tables are
     * vacuumed and analyzed after it, and written.
     *
     * @throws IllegalStateException when the last one is not what the service would have stored
     */
    void write(int count) {
        Filled model = bench.fill("model", SALT, CONTACTS);
        Device device = bench.device(model);
        try (Wire wire = bench.wire()) {
            if (!device.change(wire, new Refusals())) {
                throw new IllegalStateException("the change of the model was refused");
            }
            bench.postgres().execute(List.of(statement(model, count - 1)));
            bench.postgres().execute(List.of("vacuum (analyze)", "checkpoint"));
            String last = USER + (count - 1);
            Found found = bench.books(SALT).read(last);
            if (found.count() != CONTACTS || !found.code().value().equals(device.code())) {
                throw new IllegalStateException("the book of " + last + " is no copy");
            }
            wire.send("HEAD", "/v1/book", bench.authorization(last) + "If-None-Match: \"" + device.code() + "\"\r\n")
                    .require(304);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String statement(Filled model, int count) {
        String statement = STATEMENT
                .replace("{user}", USER)
                .replace("{model}", Long.toString(model.id()))
                .replace("{count}", Integer.toString(count))
                .replace("{book}", columns("book", "'id', 'owner_key', 'subject'"));
        for (String table : List.of("contact", "sync_task", "book_change", "contact_version")) {
            statement = statement.replace("{" + table + "}", columns(table, "'id', 'book_id'"));
        }
        return statement;
    }

    /** All columns of a table but these. */
    private String columns(String table, String others) {
        return bench.postgres()
                .text("select string_agg(column_name, ', ' order by ordinal_position)"
                        + " from information_schema.columns where table_schema = 'public' and table_name = '" + table
                        + "' and column_name not in (" + others + ")");
    }
}
