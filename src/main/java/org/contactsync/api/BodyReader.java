package org.contactsync.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.queue.UserPlaces;
import org.contactsync.queue.UserPlaces.Grant;
import org.contactsync.queue.WorkBudget.Share;

/**
 * Reads bodies of requests: a thread of the server waits for each, so they are bounded in number, in all and of one user, and in
 * time. A body that comes at once has its place for less than a millisecond. Thread-safe.
 */
@ApplicationScoped
public class BodyReader {
    static final int MOST = 64;
    static final int MOST_OF_USER = 8;
    private static final int BUFFER = 16 * 1024;
    private static final int LENGTH_DIGITS = 10;
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final UserPlaces places;
    private final UserPlaces waiting;
    private final LongSupplier nanos;

    /** That of an instance. */
    public BodyReader() {
        this(new UserPlaces(MOST, MOST_OF_USER), new UserPlaces(MOST / 2, MOST_OF_USER), System::nanoTime);
    }

    BodyReader(UserPlaces places, UserPlaces waiting, LongSupplier nanos) {
        this.places = places;
        this.waiting = waiting;
        this.nanos = nanos;
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
        Grant grant = places.take(owner);
        if (grant != Grant.GIVEN) {
            grant = takeWithinMoment(owner);
        }
        if (grant != Grant.GIVEN) {
            throw refused(grant);
        }
        try {
            return readAll(in, most, share);
        } catch (SocketTimeoutException e) {
            throw ProblemException.of(ProblemType.REQUEST_TIMEOUT, "no part of the body came for too long");
        } catch (IOException e) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "the body ended before it was complete");
        } finally {
            places.release(owner);
        }
    }

    private byte[] readAll(InputStream in, int most, Share share) throws IOException {
        BodyPace pace = new BodyPace(nanos);
        ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (out.size() + n > most) {
                throw RequestBody.tooLarge(most);
            }
            share.growTo(out.size() + n);
            out.write(buffer, 0, n);
            pace.check(out.size());
        }
        return out.toByteArray();
    }

    private Grant takeWithinMoment(Owner owner) {
        Grant grant = waiting.take(owner);
        if (grant != Grant.GIVEN) {
            return grant;
        }
        try {
            return places.take(owner, MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Grant.FULL;
        } finally {
            waiting.release(owner);
        }
    }

    private static boolean isPacked(HttpHeaders headers) {
        String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity")) {
            return false;
        }
        if (!coding.strip().equalsIgnoreCase("gzip")) {
            throw ProblemException.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "the only Content-Encoding read here is gzip");
        }
        return true;
    }

    private ProblemException refused(Grant grant) {
        return new ProblemException(
                grant == Grant.USER_HAS_MOST
                        ? new Problem.QuotaExceeded(
                                "concurrent-bodies",
                                places.mostOfOne(),
                                "too many bodies of this user are on their way at once",
                                RETRY)
                        : new Problem.Unavailable("too many bodies are on their way", RETRY));
    }
}
