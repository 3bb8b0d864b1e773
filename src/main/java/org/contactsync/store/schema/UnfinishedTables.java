package org.contactsync.store.schema;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Removes the tables of an embedded database whose creation was interrupted, if and only if none of them has a row. H2
 * commits each statement that creates a table separately, so a process that is killed between two of them leaves tables
 * that Flyway does not know and could not create again. PostgreSQL rolls back an unfinished creation.
 */
final class UnfinishedTables {
    private static final Logger LOG = System.getLogger(UnfinishedTables.class.getName());
    private static final String HISTORY = "flyway_schema_history";

    private final DataSource dataSource;

    UnfinishedTables(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Empties a database that contains no data; call it before migrations are applied.
     *
     * @return whether there was anything to remove
     */
    boolean remove() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = tables(statement);
            if (tables.isEmpty() || holdsData(statement, tables)) {
                return false;
            }
            LOG.log(
                    Level.INFO,
                    "an earlier creation of the tables was interrupted; starting over: tables={0}",
                    tables.size());
            statement.execute("drop all objects");
            return true;
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
                "select table_name from information_schema.tables where table_schema = current_schema()")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static boolean holdsData(Statement statement, List<String> tables) throws SQLException {
        for (String table : tables) {
            if (!table.equals(HISTORY)) {
                try (ResultSet row = statement.executeQuery("select 1 from \"" + table + "\" limit 1")) {
                    if (row.next()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
