package org.contactsync.store.check;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.contactsync.store.schema.DatabaseRefuses;
import org.jspecify.annotations.Nullable;

/** Checks whether the database answers, and whether this instance is the only one with its name. Thread-safe. */
@ApplicationScoped
public class DatabaseCheck {
    /** Its own connection, with short time limits: those of the pool may all be in use. */
    @Resource(lookup = "jdbc/contactSyncQuestion", shareable = false)
    private @Nullable DataSource dataSource;

    private volatile String question = "select 1";

    /** For the container. */
    public DatabaseCheck() {}

    /**
     * Marks all following checks with the name of this instance; called at most once, at start, with PostgreSQL.
     *
     * @throws DatabaseRefuses if another running process has that name
     */
    public void askAs(String instance) throws SQLException {
        new InstanceCheck(source(), instance, InstanceCheck.PATIENCE).await();
        question = "select 1 " + InstanceCheck.mark(instance);
    }

    /**
     * Runs one query; may wait until the data source's time limits expire.
     *
     * @throws SQLException if the database does not answer
     */
    public void check() throws SQLException {
        try (Connection connection = source().getConnection();
                PreparedStatement select = connection.prepareStatement(question);
                ResultSet row = select.executeQuery()) {
            row.next();
        }
    }

    private DataSource source() throws SQLException {
        DataSource source = dataSource;
        if (source == null) {
            throw new SQLException("no data source");
        }
        return source;
    }
}
