package org.contactsync.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * The file of the embedded database. H2 writes each commit as a new part of its file, and would bring together what is left of old
 * parts with a thread that it has only when commits may be written later. Ours must not, so this does it, a little at a time
 * (decision 27). Thread-safe.
 */
final class EmbeddedFile {
    /** In percent: what is still used of the parts of the file. Below it, parts are brought together. */
    static final int LEAST_USED = 60;

    /** Bytes that one step writes anew; commits wait for it, some ten milliseconds. */
    private static final int STEP = 4 * 1024 * 1024;

    private EmbeddedFile() {}

    /**
     * One step, if there is anything to do.
     *
     * @param url of the open database, without its settings
     * @return whether something was written anew
     */
    static boolean compact(String url) throws SQLException {
        try (Connection connection = connect(url)) {
            Session session = connection.unwrap(JdbcConnection.class).getSession();
            if (!(session instanceof SessionLocal local)) {
                return false;
            }
            if (used(connection) >= LEAST_USED) {
                return false;
            }
            MVStore store = local.getDatabase().getStore().getMvStore();
            FileStore<?> file = store.getFileStore();
            boolean changed = file != null && !file.isReadOnly() && store.compact(LEAST_USED, STEP);
            if (changed) {
                // Where nobody writes, the old parts would stay until somebody does.
                store.commit();
            }
            return changed;
        }
    }

    /** In percent, of the parts that are old enough to be written anew; those that wait to be overwritten do not count. */
    private static int used(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select setting_value from information_schema.settings"
                        + " where setting_name = 'info.CHUNKS_FILL_RATE_RW'")) {
            return row.next() ? Integer.parseInt(row.getString(1)) : LEAST_USED;
        }
    }

    /** Past the pool of the server, whose connections hide H2's own. */
    private static Connection connect(String url) throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url + ";IFEXISTS=TRUE");
        source.setUser("sa");
        return source.getConnection();
    }
}
