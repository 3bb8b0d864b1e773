package org.contactsync.events;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.queue.event.BookEvents;
import org.contactsync.queue.message.Stopping;
import org.contactsync.settings.EventBounds;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.transport.RequestSocket;
import org.contactsync.transport.RequestSockets;
import org.jspecify.annotations.Nullable;

/** The streams of events of this instance, and the one thread that writes them. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class EventStreams {
    private static final FailureLog LOG = FailureLog.of(EventStreams.class);

    /** The thread sees by then that the service stops. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** Clients connect again after a random time between these, so that those of a stopped instance do not all come at once. */
    private static final Duration LEAST_RETRY = Duration.ofSeconds(2);

    private static final Duration MOST_RETRY = Duration.ofSeconds(12);

    private static final byte[] NOTHING = {};

    private BookReadings readings;
    private Stopping stopping;
    private RequestSockets sockets;
    private EventMetrics metrics;
    private EventBounds bounds;
    private Clock clock;
    private Listeners listeners;

    @Resource
    private ManagedThreadFactory threads;

    @Resource
    private ManagedExecutorService executor;

    private volatile @Nullable Thread thread;

    /** For the container's proxy. */
    protected EventStreams() {}

    @Inject
    public EventStreams(
            BookEvents events,
            BookReadings readings,
            Stopping stopping,
            RequestSockets sockets,
            EventMetrics metrics,
            EventBounds bounds,
            Clock clock) {
        this.readings = readings;
        this.stopping = stopping;
        this.sockets = sockets;
        this.metrics = metrics;
        this.bounds = bounds;
        this.clock = clock;
        listeners = new Listeners(bounds.listeners(), Limits.EVENT_STREAMS, System::nanoTime, events::subscribe);
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        metrics.register(listeners::size);
        Thread writing = threads.newThread(this::write);
        writing.setName("contact-sync events");
        thread = writing;
        listeners.wakeBy(() -> LockSupport.unpark(writing));
        writing.start();
    }

    @PreDestroy
    void stop() {
        Thread writing = thread;
        if (writing != null) {
            writing.interrupt();
        }
    }

    /**
     * A stream with a place, whose answer has not begun.
     *
     * @param ends when the caller's token ends
     * @throws ProblemException when too many listen, or the service stops
     */
    public Stream open(Owner owner, Optional<DeviceId> device, Instant ends) {
        if (stopping.now()) {
            throw new ProblemException(Stopping.problem());
        }
        Duration left = Duration.between(clock.instant(), ends);
        return new Stream(listeners.admit(owner, device, System.nanoTime() + left.toNanos()));
    }

    private void write() {
        EventWriter writer = new EventWriter(
                listeners,
                bounds.heartbeat(),
                System.nanoTime(),
                metrics::countSent,
                (listener, why) -> metrics.countEnded(why));
        BookLooks looks = new BookLooks(executor, readings::books, listeners::tell);
        while (!Thread.currentThread().isInterrupted() && !stopping.now()) {
            long pause = LONGEST_PAUSE.toNanos();
            try {
                pause = Math.min(pause, writer.run(System.nanoTime()));
                if (looks.areFree()) {
                    looks.start(writer.dueLooks(System.nanoTime()));
                }
            } catch (RuntimeException | Error e) {
                // Tried again: one listener must not end the others, and nobody else ends their streams.
                LOG.error("events not written", e);
            }
            LockSupport.parkNanos(pause);
        }
        listeners.close();
        writer.run(System.nanoTime());
    }

    /** A stream that has a place. One thread. */
    public final class Stream {
        private final Listener listener;

        Stream(Listener listener) {
            this.listener = listener;
        }

        /** Gives the place back: its answer does not begin. */
        public void giveUp() {
            listeners.remove(listener, Ended.UNUSED);
        }

        /**
         * Begins the answer with the state of the book, and leaves it open.
         *
         * @param now the state of the book, read after the stream has got its place
         * @param isKnown whether the client knows that state
         */
        public void begin(HttpServletRequest request, OutputStream out, BookNews now, boolean isKnown)
                throws IOException {
            AsyncContext open = request.startAsync();
            try {
                open.setTimeout(0);
                RequestSocket socket = sockets.of(open.getRequest());
                // Commits the head and nothing else: a body would leave a buffer of the server's with the stream. The
                // server ignores the
                // first flush of an answer, so that short ones get a Content-Length.
                out.write(NOTHING);
                open.getResponse().flushBuffer();
                open.getResponse().flushBuffer();
                socket.keepLittle();
                ServletConnection connection =
                        new ServletConnection(open, socket, !"HTTP/1.0".equals(request.getProtocol()));
                long retry = ThreadLocalRandom.current().nextLong(LEAST_RETRY.toMillis(), MOST_RETRY.toMillis());
                if (!connection.send(
                        EventText.beginning(retry) + (isKnown ? EventText.HEARTBEAT : EventText.of(now)))) {
                    throw new IOException("the socket is full at its beginning");
                }
                listeners.begin(listener, connection, now);
            } catch (IOException | RuntimeException | Error e) {
                // Errors too: a request that is never completed keeps its socket after its client has gone.
                giveUp();
                open.complete();
                throw e;
            }
        }
    }
}
