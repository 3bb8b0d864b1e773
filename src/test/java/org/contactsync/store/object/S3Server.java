package org.contactsync.store.object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.contactsync.settings.ObjectStore;

/** An S3 server as a process of its own, with one bucket, in memory. It checks signatures. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "contact-photos";
    public static final String ACCESS_KEY = "the-access-key";
    public static final String SECRET_KEY = "the+secret/key";
    public static final String REGION = "eu-test-1";

    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 100;

    /** The port may be taken between its choice and the start. */
    private static final int TRIES = 5;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private S3Server(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param directory for its configuration and its log */
    public static S3Server in(Path directory) {
        for (int i = 0; i < TRIES; i++) {
            Optional<S3Server> started = start(directory);
            if (started.isPresent()) {
                return started.get();
            }
        }
        throw new IllegalStateException("the S3 server does not start: " + directory.resolve("s3.log"));
    }

    private static Optional<S3Server> start(Path directory) {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path settings = directory.resolve("s3.properties");
            Files.writeString(
                    settings,
                    "s3proxy.endpoint=http://127.0.0.1:" + port + "\ns3proxy.authorization=aws-v4\ns3proxy.identity="
                            + ACCESS_KEY + "\ns3proxy.credential=" + SECRET_KEY
                            + "\njclouds.provider=transient-nio2\njclouds.identity=any\njclouds.credential=any\n");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            System.getProperty("s3proxy.jar", "target/s3proxy/s3proxy.jar"),
                            "--properties",
                            settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("s3.log").toFile()))
                    .start();
            S3Server server = new S3Server(process, port);
            if (server.makesBucket()) {
                return Optional.of(server);
            }
            server.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it answers; false if it has ended, as it does if another process has the port. */
    private boolean makesBucket() {
        Instant end = Instant.now().plus(START);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            try {
                int status = ask("PUT").statusCode();
                // If the answer to a first request was lost, the bucket is there.
                if (status == 200 || status == 409) {
                    return true;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            pause();
        }
        return false;
    }

    /** The keys of all objects; a thousand at most. */
    public List<String> keys() {
        try {
            HttpResponse<String> list = ask("GET");
            if (list.statusCode() != 200) {
                throw new IllegalStateException("status=" + list.statusCode());
            }
            return Pattern.compile("<Key>([^<]*)</Key>")
                    .matcher(list.body())
                    .results()
                    .map(key -> key.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for the bucket. */
    private HttpResponse<String> ask(String method) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/" + BUCKET);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).method(method, BodyPublishers.noBody());
        new S3Signature(ACCESS_KEY, SECRET_KEY, REGION)
                .headers(method, "127.0.0.1:" + port, "/" + BUCKET, Map.of(), new byte[0], Instant.now())
                .forEach(request::header);
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    /** The store that a service has in this server. */
    public ObjectStore store() {
        return store(port, BUCKET, SECRET_KEY);
    }

    static ObjectStore store(int port, String bucket, String secretKey) {
        return new ObjectStore(
                URI.create("http://127.0.0.1:" + port),
                bucket,
                REGION,
                true,
                ACCESS_KEY,
                secretKey,
                true,
                Optional.empty());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the S3 server does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
