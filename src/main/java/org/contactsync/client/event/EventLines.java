package org.contactsync.client.event;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Consumer;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.json.BoundedJson;
import org.jspecify.annotations.Nullable;

/** Reads a stream of events (HTML standard, 9.2.6), for one connection. Its results may be read by any thread. */
final class EventLines implements BodySubscriber<Boolean> {
    /** An event is some hundred bytes. */
    private static final int LONGEST_LINE = 16_384;

    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final Consumer<BookEvent> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private volatile long lastNanos = System.nanoTime();
    private volatile Optional<Duration> retry = Optional.empty();
    private @Nullable Subscription subscription;

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
    public CompletionStage<Boolean> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        lastNanos = System.nanoTime();
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else if (next != '\r') {
                    line.write(next);
                }
            }
        }
        Subscription current = subscription;
        if (current == null) {
            return;
        }
        if (line.size() > LONGEST_LINE || data.length() > LONGEST_LINE) {
            current.cancel();
            end.completeExceptionally(new IOException("this is no stream of events"));
        } else {
            current.request(1);
        }
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

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(true);
    }
}
