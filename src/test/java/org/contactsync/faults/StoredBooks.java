package org.contactsync.faults;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.faults.PastReading.Change;
import org.contactsync.faults.StoredBook.Row;
import org.contactsync.faults.StoredBook.Task;
import org.jspecify.annotations.Nullable;

/** Reads the tables with nothing between. One thread at a time. */
final class StoredBooks {
    private final Connection connection;

    StoredBooks(Connection connection) {
        this.connection = connection;
    }

    /** The book of the user whom tokens call so; all in one snapshot when nobody writes. */
    StoredBook of(String subject) {
        try (PreparedStatement select = connection.prepareStatement("select * from book where subject = ?")) {
            select.setString(1, subject);
            try (ResultSet book = select.executeQuery()) {
                if (!book.next()) {
                    throw new IllegalStateException("no book of " + subject);
                }
                long id = book.getLong("id");
                return new StoredBook(
                        hex(book.getBytes("check_key")).orElseThrow(),
                        book.getLong("contact_count"),
                        hex(book.getBytes("entry_sum")).orElseThrow(),
                        book.getLong("seq"),
                        book.getInt("open_tasks"),
                        book.getObject("hold_task") != null,
                        count("select count(*) from waiting_step where book_id = ?", id),
                        contacts(id, book.getLong("generation")),
                        tasks(id),
                        history(id));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Row> contacts(long book, long generation) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select * from contact where book_id = ? and generation = ? order by uid")) {
            select.setLong(1, book);
            select.setLong(2, generation);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(
                            text(row.getBytes("uid")).orElseThrow(),
                            text(row.getBytes("card")),
                            hex(row.getBytes("content_hash")),
                            row.getInt("position"),
                            hex(row.getBytes("entry_sum")).orElseThrow(),
                            row.getLong("seq")));
                }
            }
        }
        return rows;
    }

    private List<Task> tasks(long book) throws SQLException {
        List<Task> tasks = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select * from sync_task where book_id = ?")) {
            select.setLong(1, book);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tasks.add(new Task(
                            row.getString("id"),
                            row.getString("kind"),
                            row.getString("state"),
                            Optional.ofNullable(row.getObject("seq_after", Long.class)),
                            Optional.ofNullable(row.getString("code_after"))));
                }
            }
        }
        return tasks;
    }

    private List<Change> history(long book) throws SQLException {
        List<Change> changes = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("select * from book_change where book_id = ? order by seq")) {
            select.setLong(1, book);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changes.add(new Change(
                            row.getLong("seq"),
                            row.getString("task_id"),
                            row.getString("code_before"),
                            row.getString("code_after"),
                            row.getLong("contact_count")));
                }
            }
        }
        return changes;
    }

    private int count(String query, long book) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setLong(1, book);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static Optional<String> hex(byte @Nullable [] bytes) {
        return Optional.ofNullable(bytes).map(PlainCodes::hex);
    }

    private static Optional<String> text(byte @Nullable [] bytes) {
        return Optional.ofNullable(bytes).map(each -> new String(each, StandardCharsets.UTF_8));
    }
}
