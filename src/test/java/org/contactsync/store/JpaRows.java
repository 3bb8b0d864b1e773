package org.contactsync.store;

import java.sql.Blob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.sync.StoredRows;

/** Reads the rows of a book, whatever columns they have. */
final class JpaRows implements StoredRows {
    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
            "book", "id",
            "contact", "book_id",
            "contact_version", "book_id",
            "lost_version", "book_id",
            "book_change", "book_id",
            "waiting_step", "book_id",
            "sync_task", "book_id"));

    /** Columns that say which row it is, or have a task and its owner in them. */
    private static final Set<String> IDS = Set.of(
            "book.id",
            "book.owner_key",
            "book.issuer",
            "book.subject",
            "contact.book_id",
            "contact_version.book_id",
            "lost_version.book_id",
            "book_change.book_id",
            "book_change.task_id",
            "waiting_step.task_id",
            "waiting_step.book_id",
            "waiting_step.payload",
            "waiting_step.place",
            "sync_task.id",
            "sync_task.book_id",
            "sync_task.reply_correlation",
            "sync_task.answer_body");

    private final JpaTestStore store;

    JpaRows(JpaTestStore store) {
        this.store = store;
    }

    @Override
    public void shareKey(List<Long> books) {
        byte[] key = new byte[32];
        store.inTransaction(
                () -> books.forEach(book -> store.execute("update book set check_key = ?1 where id = ?2", key, book)));
    }

    @Override
    public List<String> of(long book) {
        return store.inTransaction(() -> {
            List<String> rows = new ArrayList<>();
            TABLES.forEach((table, id) -> rows.addAll(read(table, id, book)));
            return rows;
        });
    }

    private List<String> read(String table, String id, long book) {
        try (PreparedStatement select =
                store.connection().prepareStatement("select * from " + table + " where " + id + " = ?")) {
            select.setLong(1, book);
            List<String> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(table + read(table, found));
                }
            }
            return rows.stream().sorted().toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> read(String table, ResultSet row) throws SQLException {
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String column = row.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT);
            if (!IDS.contains(table + "." + column)) {
                Object value = row.getObject(i);
                boolean bytes = value instanceof byte[] || value instanceof Blob;
                values.put(column, bytes ? HexFormat.of().formatHex(row.getBytes(i)) : String.valueOf(value));
            }
        }
        return values;
    }
}
