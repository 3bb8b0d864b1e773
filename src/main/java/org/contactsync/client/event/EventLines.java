package org.contactsync.client.event;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Receiver;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.json.BoundedJson;

/** Reads a stream of events (HTML standard, 9.2.6), for one connection. Its results may be read by any thread. */
final class EventLines implements Receiver {
    /** An event is some hundred bytes. */
    private static final int LONGEST_LINE = 16_384;

    private final Consumer<BookEvent> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private volatile long lastNanos = System.nanoTime();
    private volatile Optional<Duration> retry = Optional.empty();

    EventLines(Consumer<BookEvent> events) {
        this.events = events;
    }

    /** Since the last byte. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastNanos);
    }

    /** What the server asks for before another connection. */
    Optional<Duration> retry() {
        return retry;
    }

    @Override
    public boolean begin(Head head) {
        return head.status() == 200
                && head.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    }

    @Override
    public boolean take(byte[] bytes, int length) throws IOException {
        lastNanos = System.nanoTime();
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                line(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else if (bytes[i] != '\r') {
                line.write(bytes[i]);
            }
        }
        if (line.size() > LONGEST_LINE || data.length() > LONGEST_LINE) {
            throw new IOException("this is no stream of events");
        }
        return true;
    }

    private void line(String text) {
        if (text.isEmpty()) {
            if (name.equals("book")) {
                event(data.toString()).ifPresent(events);
            }
            name = "";
            data.setLength(0);
        } else if (text.startsWith("event:")) {
            name = text.substring(6).strip();
        } else if (text.startsWith("data:")) {
            data.append(text.substring(5));
        } else if (text.matches("retry: ?[0-9]{1,7}")) {
            retry = Optional.of(
                    Duration.ofMillis(Long.parseLong(text.substring(6).strip())));
        }
    }

    private static Optional<BookEvent> event(String json) {
        try {
            JsonObject object = BoundedJson.object(json.getBytes(StandardCharsets.UTF_8));
            return Optional.of(new BookEvent(
                    object.getJsonNumber("seq").longValueExact(),
                    new CheckCode(object.getString("checkCode")),
                    Optional.of(object.getString("device", ""))
                            .filter(device -> !device.isEmpty())
                            .map(DeviceId::new)));
        } catch (JsonException
                | IllegalArgumentException
                | ArithmeticException
                | ClassCastException
                | NullPointerException e) {
            return Optional
                    .empty(); // of a newer version, or of something else: the book is looked at from time to time
        }
    }
}
