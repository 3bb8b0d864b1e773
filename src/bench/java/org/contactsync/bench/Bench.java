package org.contactsync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.it.ExternalBroker;
import org.contactsync.it.LibertyServer;
import org.jspecify.annotations.Nullable;

/** What the parts share: the options, the report, the database, the server, the contacts. One thread at a time. */
final class Bench implements AutoCloseable {
    private final Options options;
    private final Path directory;
    private final Report report;
    private final Optional<Path> home;
    private @Nullable DurablePostgres postgres;
    private @Nullable LibertyServer server;
    private @Nullable ExternalBroker broker;
    private @Nullable MadeCards cards;

    Bench(Options options, Path directory, Report report) {
        this(options, directory, report, Optional.empty());
    }

    /** @param home of another packaged server than that of this build */
    Bench(Options options, Path directory, Report report, Optional<Path> home) {
        this.options = options;
        this.directory = directory;
        this.report = report;
        this.home = home;
    }

    Options options() {
        return options;
    }

    Report report() {
        return report;
    }

    /** Started when it is first needed. */
    DurablePostgres postgres() {
        DurablePostgres running = postgres;
        if (running == null) {
            running = new DurablePostgres(directory.resolve("postgres"), options.postgres());
            postgres = running;
        }
        return running;
    }

    /** Books in the tables that the service has made. */
    StoredBooks books(long salt) {
        server();
        return new StoredBooks(postgres(), options.seed() * 1_000 + salt);
    }

    /** A book of the first contacts of {@link #cards}, of a new user. */
    Filled fill(String what, long salt, int size) {
        try (Connection connection = postgres().connect()) {
            return books(salt).fill(connection, newUser(what), cards(size), 0, size);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The only device of the user of a book of the first contacts of {@link #cards}. */
    Device device(Filled book) {
        return new Device(book, cards(book.first() + book.size()), authorization(book.user()), options.seed());
    }

    /** Compares the books of devices with what those were told. */
    void verify(List<Device> devices) {
        report.progress("comparing all books");
        StoredBooks stored = books(0);
        try (Connection connection = postgres().connect()) {
            for (Device device : devices) {
                device.verify(connection, stored);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The service on that database, started when it is first needed. */
    LibertyServer server() {
        LibertyServer running = server;
        if (running == null) {
            running = measured(postgres().use(serverIn("server")));
            if (options.externalBroker()) {
                broker().use(running);
            }
            running.start();
            server = running;
        }
        return running;
    }

    /** One client measures as fast as it can; the service would answer 429 to so many requests of one user. */
    LibertyServer measured(LibertyServer server) {
        return server.with("JVM_ARGS", "-Xmx" + options.heap())
                .with("RATE_PER_SECOND", "1000000")
                .with("RATE_BURST", "1000000");
    }

    /** The broker outside of the service, started when it is first needed. */
    private ExternalBroker broker() {
        ExternalBroker running = broker;
        if (running == null) {
            running = ExternalBroker.in(empty(directory.resolve("broker"))).start();
            broker = running;
        }
        return running;
    }

    /** Round trips through the kind of broker that the service uses. */
    BrokerFloor brokerFloor(int listeners) {
        return options.externalBroker() ? BrokerFloor.through(broker(), listeners) : BrokerFloor.inside(listeners);
    }

    /** A server that is not started, with a directory of its own that is empty. */
    LibertyServer serverIn(String name) {
        LibertyServer server = LibertyServer.in(empty(directory.resolve(name)));
        return home.map(server::of).orElse(server);
    }

    Path directory() {
        return directory;
    }

    /** At least so many contacts; made once. */
    MadeCards cards(int size) {
        MadeCards made = cards;
        if (made == null || made.size() < size) {
            made = new MadeCards(options.seed(), size);
            cards = made;
        }
        return made;
    }

    Wire wire() {
        return new Wire(server().port());
    }

    Usage usage() {
        return Usage.now(postgres(), server().pid(), options.externalBroker() ? broker().pid() : 0);
    }

    /** The header of a token for the user. */
    String authorization(String user) {
        try {
            return "Authorization: Bearer " + server().developmentToken(user) + "\r\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records the server while the work is done, when that is wanted; what it saw is printed after it. */
    <T> T profiled(String name, Supplier<T> work) {
        if (!options.jfr()) {
            return work.get();
        }
        Optional<FlightRecording> recording =
                Optional.of(FlightRecording.start(server().pid(), directory.resolve(name + ".jfr")));
        T result = work.get();
        recording.get().stop();
        recording.get().print(report, name);
        return result;
    }

    /** A name that no user of an earlier turn has. */
    static String newUser(String what) {
        return what + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The moment at which something must have ended. */
    static long deadline(Duration most) {
        return System.nanoTime() + most.toNanos();
    }

    /** A later part that needs a server gets a new one. */
    void stopServer() {
        Optional.ofNullable(server).ifPresent(LibertyServer::stop);
        server = null;
    }

    @Override
    public void close() {
        Optional.ofNullable(server).ifPresent(LibertyServer::close);
        Optional.ofNullable(broker).ifPresent(ExternalBroker::close);
        Optional.ofNullable(postgres).ifPresent(DurablePostgres::close);
    }

    static Path empty(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
