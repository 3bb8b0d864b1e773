package org.contactsync.client.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Headers;
import org.contactsync.client.http.port.Receiver;

/**
 * Reads a body up to a number of bytes, packed or not, into memory or to where a {@link Exchange.Sink} says. If there are more, it has no
 * result and the connection is ended. For one answer.
 */
final class BoundedBody implements Receiver {
    private static final int OK = 200;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Optional<Exchange.Sink> sink;
    private final AnswerSize size;
    private OutputStream out = bytes;
    private int limit;
    private long read;
    private boolean tooLarge;

    private BoundedBody(Optional<Exchange.Sink> sink, AnswerSize size) {
        this.sink = sink;
        this.size = size;
    }

    static BoundedBody upTo(AnswerSize size) {
        return new BoundedBody(Optional.empty(), size);
    }

    /**
     * What comes with status 200 goes to {@code sink}, and the result has no bytes; anything else is a usual answer. What the sink throws comes
     * back as an {@link UncheckedIOException}.
     */
    static BoundedBody to(Exchange.Sink sink, AnswerSize size) {
        return new BoundedBody(Optional.of(sink), size);
    }

    /** A length that is said and too large is believed: nothing of that body is read. */
    @Override
    public boolean begin(Head head) {
        boolean toSink = sink.isPresent() && head.status() == OK;
        limit = (sink.isPresent() && !toSink ? AnswerSize.USUAL : size).bytes();
        tooLarge = head.headers().contentLength().filter(said -> said > limit).isPresent();
        if (toSink && !tooLarge) {
            try {
                out = sink.get().begin();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return !tooLarge;
    }

    @Override
    public boolean take(byte[] piece, int length) {
        read += length;
        if (read > limit) {
            bytes.reset();
            tooLarge = true;
            return false;
        }
        try {
            out.write(piece, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    /**
     * The body as it was before it was packed; another body as it is. It is bounded like one that came plain.
     *
     * @return empty when it is larger than it may be, without having unpacked it all; no bytes when it is not gzip
     */
    Optional<byte[]> unpacked(Headers headers) {
        if (tooLarge) {
            return Optional.empty();
        }
        boolean packed = headers.firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
        return packed ? unpacked(bytes.toByteArray(), limit) : Optional.of(bytes.toByteArray());
    }

    private static Optional<byte[]> unpacked(byte[] packed, int most) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = gzip.readNBytes(most);
            return gzip.read() < 0 ? Optional.of(plain) : Optional.empty();
        } catch (IOException notGzip) {
            return Optional.of(new byte[0]);
        }
    }
}
