package org.contactsync.it;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of its own for each server that a test starts. With H2 it is in the server's data directory. */
public final class TestDatabase {
    private TestDatabase() {}

    public static String kind() {
        String kind = System.getenv("DB_KIND");
        return kind == null ? "h2" : kind;
    }

    /** Makes it, empty, and tells the server. */
    static void make(LibertyServer server, String name) {
        if (kind().equals("postgres")) {
            server.with("DB_NAME", named(name));
        }
    }

    /** Makes a database, empty, in the PostgreSQL of this run; its name there, for {@code DB_NAME}. */
    static String named(String name) {
        String database = "contact_sync_" + name;
        try (Connection connection = connect(System.getenv("DB_NAME"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + database);
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection to the database of a server, by the name that it was made with. With H2 the server must not run. */
    static Connection connect(LibertyServer server, String name) throws SQLException {
        return kind().equals("postgres")
                ? connect("contact_sync_" + name)
                : DriverManager.getConnection(
                        "jdbc:h2:file:" + server.data().resolve("h2").resolve("contact-sync")
                                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                        "sa",
                        "");
    }

    /** A connection to a database in the PostgreSQL of this run. */
    static Connection connect(String database) throws SQLException {
        String url =
                "jdbc:postgresql://%s:%s/%s".formatted(System.getenv("DB_HOST"), System.getenv("DB_PORT"), database);
        return DriverManager.getConnection(url, System.getenv("DB_USER"), System.getenv("DB_PASSWORD"));
    }
}
