package org.contactsync.api;

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
import org.contactsync.api.BodyPlaces.Body;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.queue.WorkBudget.Share;
import org.contactsync.transport.Client;
import org.contactsync.transport.TransportWatch;

/**
 * Reads bodies of requests: a thread of the server waits for each, so they are bounded in number, in all and of one user, and in
 * time. A body that comes at once has its place for less than a millisecond. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class BodyReader {
    private static final int BUFFER = 16 * 1024;
    private static final int LENGTH_DIGITS = 10;
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** While bodies that were ended give their bytes back. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private BodyPlaces places;
    private Supplier<Client> client;
    private LongSupplier nanos;

    /** For the container's proxy. */
    protected BodyReader() {}

    /** @param request the present one, whatever thread asks */
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
     * Reads it all, up to a limit, and unpacks it up to the same limit.
     *
     * @param share grows with what has come; the caller releases it
     * @throws ProblemException {@code content-too-large} over {@code most} bytes, packed or unpacked; {@code unsupported-media-type} for
     *     a coding other than gzip; {@code request-timeout} when it comes too slowly; {@code quota-exceeded} and {@code unavailable} when
     *     too many bodies come already
     */
    RequestBody read(Owner owner, InputStream in, HttpHeaders headers, int most, Share share) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length != null && length.length() > LENGTH_DIGITS) {
            throw RequestBody.tooLarge(most);
        }
        boolean packed = isPacked(headers);
        byte[] sent = inPlace(owner, in, most, share);
        return packed ? new RequestBody(sent, Gunzip.unpack(sent, most, share::growTo)) : new RequestBody(sent, sent);
    }

    private byte[] inPlace(Owner owner, InputStream in, int most, Share share) {
        Body body = enter(owner);
        try {
            return readAll(body, in, most, share);
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

    private byte[] readAll(Body body, InputStream in, int most, Share share) throws IOException {
        BodyPace pace = new BodyPace(nanos);
        ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > most) {
                throw RequestBody.tooLarge(most);
            }
            if (body.isEnded()) {
                throw madeRoom();
            }
            hold(body, share, out.size() + n);
            out.write(buffer, 0, n);
            body.came(out.size());
            pace.check(out.size());
        }
        return out.toByteArray();
    }

    /** Takes bytes of the budget; while it is used up, bodies that have kept much of it for long give theirs back. */
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
            return places.enter(owner, client.get(), MOMENT)
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
                        "concurrent-bodies",
                        BodyPlaces.MOST_OF_USER,
                        "too many bodies of this user are being received at once",
                        RETRY)
                : new Problem.Unavailable("too many bodies are on their way", RETRY);
    }
}
