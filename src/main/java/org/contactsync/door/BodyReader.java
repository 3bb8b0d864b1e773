package org.contactsync.door;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.door.BodyPlaces.Body;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.transport.Client;
import org.contactsync.transport.TransportWatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of requests. A thread of the server waits for each, so they are limited in number, in total and per user,
 * and in time. A body that arrives at once needs its place for less than a millisecond. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class BodyReader {
    private static final int BUFFER = 16 * 1024;
    private static final int LENGTH_DIGITS = 10;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** Wait for a place; more than {@link BodyPlaces#ONLY_ONE}. */
    private static final Duration PLACE = Duration.ofSeconds(1);

    /** Wait for space in the budget of bytes. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** Pause while ended bodies release their bytes. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private BodyPlaces places;
    private Supplier<Client> client;
    private LongSupplier nanos;

    /** For the container's proxy. */
    protected BodyReader() {}

    /** @param request a proxy for the current request, in any thread */
    @Inject
    public BodyReader(TransportWatch watch, HttpServletRequest request) {
        this(
                new BodyPlaces(ending(watch), System::nanoTime),
                () -> new Client(request.getRemoteAddr(), request.getRemotePort()),
                System::nanoTime);
    }

    BodyReader(BodyPlaces places, Supplier<Client> client, LongSupplier nanos) {
        this.places = places;
        this.client = client;
        this.nanos = nanos;
    }

    private static BodyPlaces.Ending ending(TransportWatch watch) {
        return new BodyPlaces.Ending() {
            @Override
            public void end(Client client) {
                watch.endBodyOf(client);
            }

            @Override
            public void letGo(Client client) {
                watch.letGo(client);
            }
        };
    }

    /**
     * Reads a whole body, up to a limit, and decompresses it up to the same limit.
     *
     * @param share grows with the bytes that arrive; the caller releases it
     * @throws ProblemException {@code content-too-large} over {@code most} bytes, compressed or not;
     *     {@code unsupported-media-type} for a coding other than gzip; {@code request-timeout} if it arrives too slowly;
     *     {@code quota-exceeded} and {@code unavailable} if too many bodies are in transfer already
     */
    public RequestBody read(Owner owner, InputStream in, HttpHeaders headers, int most, Share share) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length != null && length.length() > LENGTH_DIGITS) {
            throw RequestBody.tooLarge(most);
        }
        boolean packed = isPacked(headers);
        int buffer = bufferOf(length);
        byte[] sent = inPlace(owner, body -> readAll(body, in, buffer, most, share));
        return packed ? new RequestBody(sent, Gunzip.unpack(sent, most, share::growTo)) : new RequestBody(sent, sent);
    }

    /** Takes the bytes of a body as they come. */
    public interface Sink {
        /** The first {@code length} bytes of the buffer, which is used again. */
        void accept(byte[] buffer, int length);

        /** Bytes that it holds. */
        int held();
    }

    /**
     * Hands a body on as it comes, without holding it. A content coding is refused.
     *
     * @param share grows to what the sink holds at most; the caller releases it
     * @param time until it must have arrived
     * @throws ProblemException as {@link #read}, and whatever the sink throws
     */
    public void stream(
            Owner owner, InputStream in, HttpHeaders headers, int most, Duration time, Share share, Sink sink) {
        if (isPacked(headers)) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "no Content-Encoding is accepted here");
        }
        inPlace(owner, body -> {
            BodyPace pace = new BodyPace(nanos, time);
            byte[] buffer = new byte[BUFFER];
            long received = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received += n;
                if (received > most) {
                    throw RequestBody.tooLarge(most);
                }
                if (body.isEnded()) {
                    throw madeRoom();
                }
                hold(body, share, sink.held() + n);
                sink.accept(buffer, n);
                body.recordReceived(received, sink.held());
                pace.check(received);
            }
            return received;
        });
    }

    private interface Reading<T> {
        T of(Body body) throws IOException;
    }

    private <T> T inPlace(Owner owner, Reading<T> reading) {
        Body body = enter(owner);
        try {
            return reading.of(body);
        } catch (SocketTimeoutException e) {
            throw body.isEnded() ? madeRoom() : timeout("the body stopped arriving");
        } catch (IOException e) {
            throw body.isEnded()
                    ? madeRoom()
                    : ProblemException.of(ProblemType.MALFORMED_REQUEST, "the body ended before it was complete");
        } finally {
            places.leave(body);
        }
    }

    /** Bytes: most bodies are much smaller than the largest buffer. */
    private static int bufferOf(@Nullable String length) {
        return length == null || !DIGITS.matcher(length).matches()
                ? BUFFER
                : (int) Math.max(1, Math.min(BUFFER, Long.parseLong(length)));
    }

    private byte[] readAll(Body body, InputStream in, int size, int most, Share share) throws IOException {
        BodyPace pace = new BodyPace(nanos);
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        byte[] buffer = new byte[size];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > most) {
                throw RequestBody.tooLarge(most);
            }
            if (body.isEnded()) {
                throw madeRoom();
            }
            hold(body, share, out.size() + n);
            out.write(buffer, 0, n);
            body.recordReceived(out.size(), out.size());
            pace.check(out.size());
        }
        return out.toByteArray();
    }

    /** Takes bytes of the budget; while it is used up, bodies that have held much of it for long are ended. */
    private void hold(Body body, Share share, int bytes) {
        long end = nanos.getAsLong() + MOMENT.toNanos();
        while (true) {
            try {
                share.growTo(bytes);
                return;
            } catch (ProblemException e) {
                boolean full = e.problem() instanceof Problem.Unavailable;
                if (!full || nanos.getAsLong() >= end || !places.endCostlierThan(body)) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    private Body enter(Owner owner) {
        try {
            return places.enter(owner, client.get(), PLACE)
                    .orElseThrow(() -> new ProblemException(refused(places.hasMost(owner))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(refused(false));
        }
    }

    private static ProblemException madeRoom() {
        return timeout("the body came slowly, and others waited for its place");
    }

    private static ProblemException timeout(String detail) {
        return ProblemException.of(ProblemType.REQUEST_TIMEOUT, detail);
    }

    private static boolean isPacked(HttpHeaders headers) {
        String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity")) {
            return false;
        }
        if (!coding.strip().equalsIgnoreCase("gzip")) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "the only accepted Content-Encoding is gzip");
        }
        return true;
    }

    private static Problem refused(boolean userHasMost) {
        return userHasMost
                ? new Problem.QuotaExceeded(
                        Quota.CONCURRENT_BODIES,
                        BodyPlaces.MOST_OF_USER,
                        "too many bodies of this user are being received at once",
                        RETRY)
                : new Problem.Unavailable(UnavailableReason.TOO_MANY_BODIES, RETRY);
    }
}
