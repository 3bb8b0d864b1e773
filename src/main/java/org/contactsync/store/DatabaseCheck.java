package org.contactsync.store;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Finds out whether the database answers. Thread-safe. */
@ApplicationScoped
public class DatabaseCheck {
    /** Its own connection, with time limits of a question: those of the pool may all be in use. */
    @Resource(lookup = "jdbc/contactSyncQuestion", shareable = false)
    private @Nullable DataSource dataSource;

    /** For the container. */
    public DatabaseCheck() {}

    /**
     * Asks the database one thing; may wait as long as the data source's time limits.
     *
     * @throws SQLException when it does not answer
     */
    public void check() throws SQLException {
        DataSource source = dataSource;
        if (source == null) {
            throw new SQLException("no data source");
        }
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1");
                ResultSet row = select.executeQuery()) {
            row.next();
        }
    }
}
