package org.contactsync.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens to {@code GET /v1/events} and keeps what comes, one block of the stream after the other. Thread-safe. */
public final class EventReader implements AutoCloseable {
    /** The stream has ended. */
    public static final String END = "end";

    private final HttpResponse<InputStream> answer;
    private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();

    private EventReader(HttpResponse<InputStream> answer) {
        this.answer = answer;
        Thread reading = new Thread(this::read, "event reader");
        reading.setDaemon(true);
        reading.start();
    }

    /** @param headers names and values in turn */
    public static EventReader of(LibertyServer server, String token, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = server.request("/v1/events").header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new EventReader(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    public int status() {
        return answer.statusCode();
    }

    public String header(String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** The next block, without its last empty line; null if none comes in time; {@link #END} at the end. */
    public @Nullable String next(Duration wait) throws InterruptedException {
        return blocks.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The next event, passing over comments and {@code retry}; null if none comes in time. */
    public @Nullable String nextEvent(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); left > 0; left = end - System.nanoTime()) {
            String block = next(Duration.ofNanos(left));
            if (block == null || block.contains("data:") || block.equals(END)) {
                return block;
            }
        }
        return null;
    }

    private void read() {
        StringBuilder block = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(block.toString());
                    block.setLength(0);
                } else {
                    block.append(block.isEmpty() ? "" : "\n").append(line);
                }
            }
            blocks.add(END);
        } catch (IOException e) {
            blocks.add(END);
        }
    }

    @Override
    public void close() throws IOException {
        answer.body().close();
    }
}
