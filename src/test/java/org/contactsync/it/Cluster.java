package org.contactsync.it;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Several instances of the packaged server on one external broker and one PostgreSQL. They share the key of development tokens,
 * so that a user may come to any of them. The broker and the database belong to whoever made them. One thread at a time.
 *
 * <pre>{@code
 * try (Cluster cluster = new Cluster(directory, broker, Map.of("DB_KIND", "postgres", "DB_HOST", …))) {
 *     LibertyServer a = cluster.start("a");
 *     LibertyServer b = cluster.start("b");
 * }
 * }</pre>
 */
public final class Cluster implements AutoCloseable {
    private final Path directory;
    private final ExternalBroker broker;
    private final Map<String, String> environment;
    private final LinkedHashMap<String, LibertyServer> instances = new LinkedHashMap<>();

    /**
     * No instance runs yet.
     *
     * @param directory holds a directory for each instance, by its name
     * @param environment variables of every instance: the database, and whatever else differs from the defaults
     */
    public Cluster(Path directory, ExternalBroker broker, Map<String, String> environment) {
        this.directory = directory.toAbsolutePath();
        this.broker = broker;
        this.environment = Map.copyOf(environment);
    }

    /** The instance, made at the first call and not started. */
    public LibertyServer instance(String name) {
        return instances.computeIfAbsent(name, key -> {
            LibertyServer server = broker.use(LibertyServer.in(directory.resolve(key)))
                    .with("INSTANCE", key)
                    // its only file with PostgreSQL is the key of the development tokens
                    .with("DATA_DIR", directory.resolve("data").toString());
            environment.forEach(server::with);
            return server;
        });
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
    }
}
