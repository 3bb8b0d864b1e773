package org.contactsync.client.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body up to a number of bytes, packed or not, into memory or to where a {@link Exchange.Sink} says. If there are more, the result is
 * empty and the connection is closed.
 */
final class BoundedBody implements BodySubscriber<Optional<byte[]>> {
    private static final int OK = 200;

    private final CompletableFuture<Optional<byte[]>> result = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Optional<Exchange.Sink> sink;
    private final int limit;
    private OutputStream out = bytes;
    private long read;
    private @Nullable Subscription subscription;

    private BoundedBody(Optional<Exchange.Sink> sink, int limit, long said) {
        this.sink = sink;
        this.limit = limit;
        if (said > limit) {
            result.complete(Optional.empty());
        }
    }

    /** A length that is said and too large is believed: nothing of that body is read. */
    static BodyHandler<Optional<byte[]>> upTo(AnswerSize size) {
        return info -> of(Optional.empty(), size, info.headers());
    }

    /**
     * What comes with status 200 goes to {@code sink}, and the result has no bytes; anything else is a usual answer. If the sink fails, so does
     * the result, with an {@link UncheckedIOException}.
     */
    static BodyHandler<Optional<byte[]>> to(Exchange.Sink sink, AnswerSize size) {
        return info -> info.statusCode() == OK
                ? of(Optional.of(sink), size, info.headers())
                : of(Optional.empty(), AnswerSize.USUAL, info.headers());
    }

    private static BoundedBody of(Optional<Exchange.Sink> sink, AnswerSize size, HttpHeaders headers) {
        return new BoundedBody(
                sink, size.bytes(), headers.firstValueAsLong("Content-Length").orElse(0));
    }

    /**
     * The body as it was before it was packed; another body as it is. It is bounded like one that came plain.
     *
     * @param body empty when it was larger than it may be
     * @return empty when it is larger than it may be, without having unpacked it all; no bytes when it is not gzip
     */
    static Optional<byte[]> unpacked(Optional<byte[]> body, HttpHeaders headers, AnswerSize size) {
        boolean packed = headers.firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
        return packed ? body.flatMap(bytes -> unpacked(bytes, size)) : body;
    }

    private static Optional<byte[]> unpacked(byte[] packed, AnswerSize size) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] plain = gzip.readNBytes(size.bytes());
            return gzip.read() < 0 ? Optional.of(plain) : Optional.empty();
        } catch (IOException notGzip) {
            return Optional.of(new byte[0]);
        }
    }

    @Override
    public CompletionStage<Optional<byte[]>> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        try {
            if (sink.isPresent() && !result.isDone()) {
                out = sink.get().begin();
            }
        } catch (IOException e) {
            result.completeExceptionally(new UncheckedIOException(e));
        }
        if (result.isDone()) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        if (result.isDone()) {
            return;
        }
        for (ByteBuffer item : items) {
            read += item.remaining();
            if (read > limit) {
                bytes.reset();
                result.complete(Optional.empty());
                cancel();
                return;
            }
            byte[] part = new byte[item.remaining()];
            item.get(part);
            try {
                out.write(part);
            } catch (IOException e) {
                result.completeExceptionally(new UncheckedIOException(e));
                cancel();
                return;
            }
        }
        if (subscription != null) {
            subscription.request(1);
        }
    }

    private void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        result.complete(Optional.of(bytes.toByteArray()));
    }
}
