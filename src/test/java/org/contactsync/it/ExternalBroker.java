package org.contactsync.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The unmodified ActiveMQ Artemis distribution as a process of its own, with TLS, a user with a password, no anonymous users, and
 * the settings that are shipped for operators ({@code k8s/broker/contact-sync.properties}). It has its own port, which it keeps
 * over restarts, and its own data. One thread at a time.
 *
 * <pre>{@code
 * try (ExternalBroker broker = ExternalBroker.in(directory).start();
 *         LibertyServer server = broker.use(LibertyServer.in(other)).start()) {
 *     broker.kill();
 *     broker.wipe();
 *     broker.start();
 * }
 * }</pre>
 */
public final class ExternalBroker implements AutoCloseable {
    /** The service's user; it has the role of the shipped settings and no other. */
    public static final String USER = "contact-sync";

    /** Who may do everything, to ask the broker about itself. */
    public static final String OPERATOR = "operator";

    private static final String PASSWORD = "only-for-tests";
    private static final String MEMORY = "-Xms64m -Xmx256m -XX:+UseSerialGC";
    private static final Path SETTINGS = Path.of("k8s", "broker", "contact-sync.properties");

    /** A start takes two seconds on two idle processors. */
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final Path directory;
    private final Path instance;
    private final int port;
    private final BrokerStores stores;
    private final TreeMap<String, String> settings = new TreeMap<>();
    private @Nullable Process process;

    private ExternalBroker(Path directory, int port, Optional<BrokerStores> known) {
        this.directory = directory.toAbsolutePath();
        this.instance = this.directory.resolve("instance");
        this.port = port;
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stores = known.orElseGet(() -> BrokerStores.in(this.directory));
        create();
        password(PASSWORD);
    }

    /**
     * Makes a broker that keeps everything below the directory; {@link #start} starts it.
     *
     * @param directory made when it does not exist; the log is in {@code console.log}
     */
    public static ExternalBroker in(Path directory) {
        return new ExternalBroker(directory, freePort(), Optional.empty());
    }

    /**
     * Makes a broker that becomes active when this one is gone: it has the same certificate and, on a file system that both have,
     * the same data. Neither may have been started; {@link #startPassive} starts it.
     */
    public ExternalBroker backup(Path backupDirectory) {
        ExternalBroker backup = new ExternalBroker(backupDirectory, freePort(), Optional.of(stores));
        Path data = instance.resolve("data");
        pair("primary", data, backup.port);
        backup.pair("backup", data, port);
        return backup;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pair(String role, Path data, int otherPort) {
        String pair = """
                <connectors><connector name="self">%s</connector><connector name="other">%s</connector></connectors>
                <cluster-user>%s</cluster-user><cluster-password>%s</cluster-password>
                <cluster-connections><cluster-connection name="pair"><connector-ref>self</connector-ref>
                <retry-interval>500</retry-interval><message-load-balancing>OFF</message-load-balancing>
                <static-connectors><connector-ref>other</connector-ref></static-connectors>
                </cluster-connection></cluster-connections>
                <ha-policy><shared-store><%s><failover-on-shutdown>true</failover-on-shutdown></%s></shared-store></ha-policy>
                """.formatted(connector(port), connector(otherPort), OPERATOR, PASSWORD, role, role);
        edit(made -> made.replaceAll(
                        "<(paging|bindings|journal|large-messages)-directory>[^<]*<",
                        "<$1-directory>" + Matcher.quoteReplacement(data.toString()) + "/$1<")
                .replace("</core>", pair + "</core>"));
    }

    private String connector(int of) {
        return "tcp://localhost:" + of + "?sslEnabled=true;trustStoreType=PKCS12;trustStorePath=" + stores.trusting()
                + ";trustStorePassword=" + BrokerStores.PASSWORD;
    }

    /** Adds a line to the shipped settings, or overrides one, from the next start on. */
    public ExternalBroker with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Sets the password of {@link #USER}; the broker reads it when the next client connects. {@link #use} gives the first one. */
    public void password(String password) {
        write("artemis-users.properties", USER + " = " + password + "\n" + OPERATOR + " = " + PASSWORD + "\n");
        write("artemis-roles.properties", "contact-sync = " + USER + "\nadmin = " + OPERATOR + "\n");
    }

    /** Puts the first password back. */
    public void passwordAsItWas() {
        password(PASSWORD);
    }

    /** The password that {@link #use} gives; also that of {@link #OPERATOR}. */
    public String password() {
        return PASSWORD;
    }

    /** Tells a server how to reach this broker. */
    public LibertyServer use(LibertyServer server) {
        return use(server, "localhost:" + port);
    }

    /** Tells a server how to reach this broker and its backup. */
    public LibertyServer use(LibertyServer server, ExternalBroker backup) {
        return use(server, "localhost:" + port + ",localhost:" + backup.port);
    }

    private LibertyServer use(LibertyServer server, String hosts) {
        return server.with("BROKER_EMBEDDED", "false")
                .with("BROKER_HOSTS", hosts)
                .with("BROKER_TLS", "true")
                .with("BROKER_TRUST_STORE", stores.trusting().toString())
                .with("BROKER_TRUST_STORE_PASSWORD", BrokerStores.PASSWORD)
                .with("BROKER_USER", USER)
                .with("BROKER_PASSWORD", PASSWORD);
    }

    /** Starts the broker and returns when it accepts connections. */
    public ExternalBroker start() {
        launch();
        awaitAccepting();
        return this;
    }

    /** Starts a backup, which accepts connections only when it becomes active. */
    public ExternalBroker startPassive() {
        launch();
        return this;
    }

    private void launch() {
        if (process != null) {
            throw new IllegalStateException("already running, pid " + pid());
        }
        write("contact-sync.properties", settings());
        Process started = run(
                directory.resolve("console.log"),
                instance.resolve("bin").resolve("artemis").toString(),
                "run",
                "--properties",
                instance.resolve("etc").resolve("contact-sync.properties").toString());
        process = started;
    }

    /** Returns when the broker accepts connections. */
    public void awaitAccepting() {
        Instant end = Instant.now().plus(LONGEST);
        while (!accepts()) {
            Process started = process;
            if (started == null || !started.isAlive() || Instant.now().isAfter(end)) {
                kill();
                throw new IllegalStateException("the broker did not start: " + directory.resolve("console.log"));
            }
            Pause.of(Duration.ofMillis(50));
        }
    }

    /** Asks the broker to stop (SIGTERM) and returns when it has. */
    public void stop() {
        end(false);
    }

    /** Ends the broker at once ({@code kill -9}). */
    public void kill() {
        end(true);
    }

    /** Holds the process (SIGSTOP): its connections stay open and nothing answers. */
    public void pause() {
        Signal.STOP.to(pid());
    }

    /** Lets a held process go on. */
    public void resume() {
        Signal.CONT.to(pid());
    }

    /** Removes all that a broker that does not run has kept. */
    public void wipe() {
        if (process != null) {
            throw new IllegalStateException("running");
        }
        delete(instance.resolve("data"));
    }

    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not running");
        }
        return running.pid();
    }

    public int port() {
        return port;
    }

    /** A trust store with the broker's certificate. */
    public Path trustStore() {
        return stores.trusting();
    }

    /** A trust store without the broker's certificate; its password is that of the other one. */
    public Path foreignTrustStore() {
        return stores.trustingAnother();
    }

    /** What a client of this test needs to connect as {@link #OPERATOR}: a URL of the core client. */
    public String url() {
        return connector(port);
    }

    /** What the broker has written to its console, over all its starts. */
    public Path log() {
        return directory.resolve("console.log");
    }

    /** Kills the broker if it still runs; its files stay. */
    @Override
    public void close() {
        kill();
    }

    /** {@code artemis create}, and an acceptor of ours in place of its own, which has no TLS. */
    private void create() {
        if (Files.exists(instance)) {
            return;
        }
        Process create = run(
                directory.resolve("create.log"),
                Path.of(System.getProperty("artemis.home", "target/artemis/apache-artemis-2.44.0"), "bin", "artemis")
                        .toAbsolutePath()
                        .toString(),
                "create",
                instance.toString(),
                "--silent",
                "--name=contact-sync-it",
                "--user=" + OPERATOR,
                "--password=" + PASSWORD,
                "--role=admin",
                "--require-login",
                "--no-web",
                "--no-autotune",
                "--nio");
        await(create);
        if (create.exitValue() != 0) {
            throw new IllegalStateException("no broker made: " + directory.resolve("create.log"));
        }
        String acceptor =
                "tcp://127.0.0.1:" + port + "?protocols=CORE;sslEnabled=true;keyStoreType=PKCS12;keyStorePath="
                        + stores.key() + ";keyStorePassword=" + BrokerStores.PASSWORD;
        edit(made -> made.replaceAll(
                "(?s)<acceptors>.*</acceptors>",
                "<acceptors><acceptor name=\"tls\">" + Matcher.quoteReplacement(acceptor) + "</acceptor></acceptors>"));
    }

    private void edit(UnaryOperator<String> edited) {
        Path file = instance.resolve("etc").resolve("broker.xml");
        try {
            Files.writeString(file, edited.apply(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String settings() {
        try {
            StringBuilder text = new StringBuilder(Files.readString(SETTINGS));
            settings.forEach(
                    (name, value) -> text.append(name).append('=').append(value).append('\n'));
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text) {
        try {
            // read by a running broker: never half of it
            Path written = Files.writeString(directory.resolve(name + ".new"), text);
            Files.move(written, instance.resolve("etc").resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The script becomes the Java virtual machine. */
    private static Process run(Path log, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("JAVA_ARGS", MEMORY);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(boolean atOnce) {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        if (atOnce) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        await(running);
    }

    private static void await(Process ending) {
        try {
            if (!ending.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IllegalStateException("did not end in time: pid " + ending.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
