package org.contactsync.it;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server as a process of its own, with its own port, work and data directory, so that a test can stop it, kill it
 * and start it again on the same data. Several may run at once. One thread at a time.
 *
 * <pre>{@code
 * try (LibertyServer server = LibertyServer.in(directory).withDatabase("crash").start()) {
 *     server.send(server.request("/v1/book").build());
 *     server.kill();
 *     server.start();
 * }
 * }</pre>
 */
public final class LibertyServer implements AutoCloseable {
    /** A start takes about ten seconds on two idle processors; more is for a machine with much else to do. */
    private static final Duration START = Duration.ofSeconds(Long.getLong("liberty.start.seconds", 180));

    private static final Duration STOP = Duration.ofSeconds(60);

    /** Until a token is given. */
    private static final Duration TOKEN = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LOG_TAIL = 60;

    private final Path directory;
    private final int port;
    private final Map<String, String> environment = new HashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private boolean optimised;
    private List<String> launcher = List.of();
    private Path home = Path.of(System.getProperty("liberty.home", "target/liberty/wlp"));
    private @Nullable Process script;
    private @Nullable ProcessHandle jvm;

    private LibertyServer(Path directory, int port) {
        this.directory = directory.toAbsolutePath();
        this.port = port;
    }

    /**
     * A server that keeps everything below the directory; it inherits the database variables of this process.
     *
     * @param directory made when it does not exist; the data is in {@code data} below it, the log in {@code console.log}
     */
    public static LibertyServer in(Path directory) {
        return new LibertyServer(directory, freePort());
    }

    /** Sets an environment variable for the next start. */
    public LibertyServer with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Has the server run as it is shipped, with code that is optimised after a while: for tests that compare times. */
    public LibertyServer optimised() {
        optimised = true;
        return this;
    }

    /** Gives the server a database of its own, made now and empty. */
    public LibertyServer withDatabase(String name) {
        TestDatabase.make(this, name);
        return this;
    }

    /** Runs another packaged server than that of this build, from the next start on. */
    public LibertyServer of(Path otherHome) {
        home = otherHome;
        return this;
    }

    /** Has another program start the server, such as {@code ip netns exec NAME}, from the next start on. */
    public LibertyServer under(List<String> command) {
        launcher = List.copyOf(command);
        return this;
    }

    /**
     * Starts the server and returns when it is ready for work.
     *
     * @throws IllegalStateException with the end of the log, when it is not ready in time or ends
     */
    public LibertyServer start() {
        return launch().awaitReady();
    }

    /**
     * Returns when the launched server is ready for work.
     *
     * @throws IllegalStateException with the end of the log, when it is not ready in time or ends
     */
    public LibertyServer awaitReady() {
        Instant end = Instant.now().plus(START);
        while (!ready()) {
            ProcessHandle running = jvm;
            if (running == null || !running.isAlive() || Instant.now().isAfter(end)) {
                String log = logTail();
                kill();
                throw new IllegalStateException("the server did not become ready:\n" + log);
            }
            pause();
        }
        return this;
    }

    /** Runs a server that cannot become ready until it ends by itself, and returns its exit code. */
    public int runToItsEnd() {
        launch();
        Process launcher = script;
        try {
            if (launcher == null || !launcher.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                String log = logTail();
                kill();
                throw new IllegalStateException("the server did not end by itself:\n" + log);
            }
            return launcher.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            jvm = null;
            script = null;
        }
    }

    /** Starts the server's process and returns as soon as it exists. */
    public LibertyServer launch() {
        if (jvm != null && jvm.isAlive()) {
            throw new IllegalStateException("already running, pid " + jvm.pid());
        }
        try {
            Files.createDirectories(directory);
            List<String> command = new ArrayList<>(launcher);
            command.addAll(List.of(home.resolve("bin").resolve("server").toString(), "run", "contact-sync"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment()
                    .put("WLP_OUTPUT_DIR", directory.resolve("output").toString());
            builder.environment()
                    .put("PID_FILE", directory.resolve("server.pid").toString());
            builder.environment().put("DATA_DIR", data().toString());
            builder.environment().put("HTTP_PORT", Integer.toString(port));
            builder.environment().putAll(environment);
            if (!jvmOptions().isEmpty()) {
                builder.environment().put("JVM_ARGS", jvmOptions());
            }
            Process started = builder.start();
            script = started;
            jvm = javaOf(started);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("the server could not be launched", e);
        }
    }

    /** Asks the server to stop, as Ctrl-C does, and returns when it has. */
    public void stop() {
        end(ProcessHandle::destroy);
    }

    /** Ends the server at once ({@code kill -9}). */
    public void kill() {
        end(ProcessHandle::destroyForcibly);
    }

    /** Kills the server if it still runs; its files stay. */
    @Override
    public void close() {
        kill();
    }

    /** Whether {@code /health/ready} answers 200. */
    public boolean ready() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri("/health/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The address of a path. */
    public URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    /** A request that waits at most a minute for its answer. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofMinutes(1));
    }

    /** Sends a request and returns the answer with its body as text. */
    public HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A token of the server's own for the user, where it gives any. */
    public String developmentToken(String user) throws IOException {
        return token("user=" + URLEncoder.encode(user, StandardCharsets.UTF_8));
    }

    /** A token of an operator. */
    String operatorsToken() throws IOException {
        return token("user=operator&admin=true");
    }

    /** The service takes few forms at once: one that is told to come again later does so, as clients do. */
    private String token(String form) throws IOException {
        Instant end = Instant.now().plus(TOKEN);
        while (true) {
            HttpResponse<String> answer;
            try {
                answer = send(request("/dev/tokens")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build());
            } catch (IOException e) {
                // A connection that was idle may be closed by the server at this moment.
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                pause();
                continue;
            }
            if (answer.statusCode() == 200) {
                return answer.body().replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
            }
            if (answer.statusCode() != 503 || Instant.now().isAfter(end)) {
                throw new IllegalStateException("no token: " + answer.statusCode() + " " + answer.body());
            }
            pause();
        }
    }

    /** The process id of the server's Java virtual machine. */
    public long pid() {
        ProcessHandle running = jvm;
        if (running == null) {
            throw new IllegalStateException("not running");
        }
        return running.pid();
    }

    public int port() {
        return port;
    }

    /** The data directory, kept over restarts. */
    public Path data() {
        return directory.resolve("data");
    }

    /** What the server has written to its console, over all its starts. */
    public Path log() {
        return directory.resolve("console.log");
    }

    /** Most servers of tests end before optimised code would pay: {@code liberty.jvm} has them started sooner. */
    private String jvmOptions() {
        String own = environment.getOrDefault("JVM_ARGS", "");
        return optimised ? own : (System.getProperty("liberty.jvm", "") + " " + own).strip();
    }

    private interface Ending {
        boolean of(ProcessHandle process);
    }

    private void end(Ending ending) {
        ProcessHandle running = jvm;
        Process launcher = script;
        jvm = null;
        script = null;
        if (running == null || launcher == null) {
            return;
        }
        ending.of(running);
        try {
            running.onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
            launcher.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Exception e) {
            running.destroyForcibly();
            throw new IllegalStateException("the server did not end:\n" + logTail(), e);
        } finally {
            launcher.destroyForcibly();
        }
    }

    /** The script starts Java as its child, or becomes it. */
    private ProcessHandle javaOf(Process started) {
        Instant end = Instant.now().plus(START);
        while (started.isAlive() && Instant.now().isBefore(end)) {
            Optional<ProcessHandle> found = Stream.concat(
                            Stream.of(started.toHandle()), started.toHandle().descendants())
                    .filter(process -> process.info()
                            .command()
                            .filter(command -> command.endsWith("/java"))
                            .isPresent())
                    .filter(process -> process.info()
                            .arguments()
                            .map(arguments -> List.of(arguments).contains("contact-sync"))
                            .orElse(false))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new IllegalStateException("the server did not launch:\n" + logTail());
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
