package org.contactsync.it;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several instances of the packaged server on one external broker and in one database of PostgreSQL, both made for them. They
 * share the key of development tokens, so that a user may come to any of them. One thread at a time.
 *
 * <pre>{@code
 * try (Cluster cluster = new Cluster(directory, "crowd")) {
 *     LibertyServer a = cluster.start("a");
 *     LibertyServer b = cluster.start("b");
 * }
 * }</pre>
 */
public final class Cluster implements AutoCloseable {
    /** Few, so that a session is soon taken over by another instance. */
    static final String SESSIONS = "8";

    private final Path directory;
    private final String database;
    private final ExternalBroker broker;
    private final LinkedHashMap<String, LibertyServer> instances = new LinkedHashMap<>();

    /**
     * Makes the database and starts the broker; no instance runs yet.
     *
     * @param directory holds a directory for each instance, by its name
     * @param name of the database
     */
    public Cluster(Path directory, String name) {
        this.directory = directory.toAbsolutePath();
        database = TestDatabase.named(name);
        broker = ExternalBroker.in(directory.resolve("broker")).start();
    }

    ExternalBroker broker() {
        return broker;
    }

    /** The database's name. */
    String database() {
        return database;
    }

    /** The instance, made at the first call and not started. */
    public LibertyServer instance(String name) {
        return instances.computeIfAbsent(name, key -> {
            return server(key)
                    // its only file with PostgreSQL is the key of the development tokens
                    .with("DATA_DIR", directory.resolve("data").toString());
        });
    }

    /** A server on this broker and database that has a data directory of its own, and is not ended with the others. */
    LibertyServer server(String name) {
        return broker.use(LibertyServer.in(directory.resolve(name)))
                .with("INSTANCE", name)
                .with("DB_NAME", database)
                .with("SYNC_SESSIONS", SESSIONS);
    }

    /** Starts instances side by side and returns when all are ready; the first one is returned. */
    public LibertyServer start(String name, String... more) {
        List<LibertyServer> starting = Stream.concat(Stream.of(name), Stream.of(more))
                .map(this::instance)
                .toList();
        starting.forEach(LibertyServer::launch);
        starting.forEach(LibertyServer::awaitReady);
        return starting.get(0);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        instances.values().forEach(LibertyServer::close);
        broker.close();
    }
}
