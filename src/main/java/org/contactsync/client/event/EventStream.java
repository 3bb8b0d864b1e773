package org.contactsync.client.event;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.Request;

/** Listens until it is closed, in a thread of its own. */
public final class EventStream implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Protocol 4.15.4: the server sends a line every 25 s. */
    private static final Duration DEAD = Duration.ofMinutes(1);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Supplier<Account> account;
    private final HttpPort http;
    private final Consumer<BookEvent> listener;
    private final Duration dead;
    private final Thread thread = new Thread(this::listen, "contact-sync events");
    private volatile String lastId = "";
    private volatile boolean closed;
    private int failures;

    private EventStream(Supplier<Account> account, HttpPort http, Consumer<BookEvent> listener, Duration dead) {
        this.account = account;
        this.http = http;
        this.listener = listener;
        this.dead = dead;
    }

    /**
     * Begins to listen.
     *
     * @param account asked for each connection: its token may have been renewed; asked again later if it throws
     * @param listener called by the thread of the stream
     */
    public static EventStream start(Supplier<Account> account, HttpPort http, Consumer<BookEvent> listener) {
        return start(account, http, listener, DEAD);
    }

    static EventStream start(Supplier<Account> account, HttpPort http, Consumer<BookEvent> listener, Duration dead) {
        EventStream stream = new EventStream(account, http, listener, dead);
        stream.thread.setDaemon(true);
        stream.thread.start();
        return stream;
    }

    private void listen() {
        try {
            while (!closed) {
                Duration pause = connection();
                long millis = pause.toMillis();
                Thread.sleep(millis + ThreadLocalRandom.current().nextLong(1 + millis / 2));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** One connection, to its end; the pause until the next one. */
    private Duration connection() throws InterruptedException {
        Account now;
        try {
            now = account.get();
        } catch (RuntimeException noToken) {
            // The tasks of the client, which ask for one too, say so; there may be one later.
            return later(Duration.ZERO);
        }
        Request.Builder request = Request.to(now.server().resolve(now.server().getPath() + "/v1/events"))
                .header("Authorization", "Bearer " + now.token())
                .header("Accept", "text/event-stream");
        now.device().ifPresent(device -> request.header("Device-Id", device.value()));
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        EventLines lines = new EventLines(this::told);
        CompletableFuture<Head> stream = http.send(request.get().build(), lines);
        try {
            while (true) {
                try {
                    Head ended = stream.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    if (ended.status() == 200) {
                        return lines.retry().orElse(SHORTEST);
                    }
                    Duration asked = ended.headers()
                            .firstValue("Retry-After")
                            .filter(value -> value.matches("[0-9]{1,6}"))
                            .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                            .orElse(Duration.ZERO);
                    return later(asked);
                } catch (TimeoutException stillOpen) {
                    if (lines.silence().compareTo(dead) > 0) {
                        return later(lines.retry().orElse(Duration.ZERO));
                    }
                }
            }
        } catch (ExecutionException broken) {
            return later(lines.retry().orElse(Duration.ZERO));
        } finally {
            stream.cancel(true);
        }
    }

    private void told(BookEvent event) {
        failures = 0;
        lastId = Long.toString(event.seq());
        listener.accept(event);
    }

    private Duration later(Duration least) {
        Duration own = SHORTEST.multipliedBy(1L << Math.min(failures++, 20));
        Duration pause = own.compareTo(least) > 0 ? own : least;
        return pause.compareTo(LONGEST) > 0 && least.compareTo(LONGEST) < 0 ? LONGEST : pause;
    }

    /** The time from which on nothing comes any more is soon. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    /** The last event's id; empty before the first. */
    Optional<String> lastId() {
        return Optional.of(lastId).filter(id -> !id.isEmpty());
    }
}
