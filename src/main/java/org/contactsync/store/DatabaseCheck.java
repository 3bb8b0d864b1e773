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
    private static final int TIMEOUT_SECONDS = 2;

    @Resource(lookup = "jdbc/contactSync", shareable = false)
    private @Nullable DataSource dataSource;

    /** For the container. */
    public DatabaseCheck() {}

    /**
     * Asks the database one thing over a connection of the pool; may wait for a connection as long as the pool does.
     *
     * @throws SQLException when it does not answer
     */
    public void check() throws SQLException {
        DataSource source = dataSource;
        if (source == null) {
            throw new SQLException("no data source");
        }
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            try (ResultSet row = select.executeQuery()) {
                row.next();
            }
        }
    }
}
