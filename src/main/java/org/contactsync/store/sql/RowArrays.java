package org.contactsync.store.sql;

import java.lang.reflect.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one statement of PostgreSQL takes as arrays, one for each column. However many they are, the statement is the same. One thread
 * at a time.
 */
public final class RowArrays {
    private final List<Column> columns;
    private final Set<String> names;
    private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

    /** @param columns as the statement has them */
    public RowArrays(List<Column> columns) {
        this.columns = columns;
        names = columns.stream().map(Column::name).collect(Collectors.toUnmodifiableSet());
    }

    /** A column by its name. */
    public record Column(String name, Type type) {}

    /** What the values of a column are. */
    public enum Type {
        BIGINT("bigint", Long.class),
        INTEGER("integer", Integer.class),
        TEXT("text", String.class),
        BYTES("bytea", byte[].class),
        BOOLEAN("boolean", Boolean.class);

        private final String sql;
        private final Class<?> java;

        Type(String sql, Class<?> java) {
            this.sql = sql;
            this.java = java;
        }
    }

    /**
     * These rows as a table, with parameters by position. That their number is a parameter too has the planner expect one row, so that it
     * keeps a plan that reaches each row by an index. Without it PostgreSQL expects ten, takes a plan of its own for fewer to be cheaper, and
     * plans the statement each time, which costs more than to run it.
     */
    public static String table(String name, List<Column> columns) {
        return table(name, columns, "", "");
    }

    /** The same with a column {@code number} behind the others, from 1. */
    public static String numberedTable(String name, List<Column> columns) {
        return table(name, columns, "with ordinality ", ", number");
    }

    private static String table(String name, List<Column> columns, String ordinality, String number) {
        String arrays = columns.stream()
                .map(column -> "cast(? as " + column.type().sql + "[])")
                .collect(Collectors.joining(", "));
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", ")) + number;
        return "(select * from unnest(" + arrays + ") " + ordinality + "as r(" + names
                + ") limit cast(? as bigint)) as " + name;
    }

    /** Adds a row. Each of its columns has to be set, also one that is null. */
    public Named addRow() {
        Map<String, @Nullable Object> row = new HashMap<>();
        rows.add(row);
        return new Named() {
            @Override
            public Named set(String name, @Nullable Object value) {
                if (!names.contains(name)) {
                    throw new IllegalArgumentException("no such column: " + name);
                }
                row.put(name, value);
                return this;
            }
        };
    }

    /**
     * Sets the parameters of the table's columns.
     *
     * @param first position of the first one
     * @return the position after the last one
     * @throws IllegalStateException when a column of a row has not been set
     */
    public int bind(PreparedStatement statement, int first) throws SQLException {
        for (Map<String, @Nullable Object> row : rows) {
            if (row.size() < names.size()) {
                throw new IllegalStateException("columns not set: only=" + row.keySet());
            }
        }
        int position = first;
        for (Column column : columns) {
            statement.setObject(position++, values(column));
        }
        statement.setLong(position++, rows.size());
        return position;
    }

    private Object values(Column column) {
        Class<?> type = column.type().java;
        Object values = Array.newInstance(type, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Object value = rows.get(i).get(column.name());
            if (value instanceof Number number) {
                Array.set(values, i, type == Long.class ? (Object) number.longValue() : (Object) number.intValue());
            } else {
                Array.set(values, i, value == null || type != String.class ? value : value.toString());
            }
        }
        return values;
    }
}
