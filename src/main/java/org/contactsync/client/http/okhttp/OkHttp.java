package org.contactsync.client.http.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Headers;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.HttpTimeout;
import org.contactsync.client.http.port.Receiver;
import org.contactsync.client.http.port.Request;
import org.contactsync.client.http.port.Tls;
import org.jspecify.annotations.Nullable;

/** {@link OkHttpClient} as the port. Thread-safe. */
public final class OkHttp implements HttpPort {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A client has one request at a time, and one that listens to events. This is for a program with dozens of accounts. */
    private static final int MOST_CALLS = 256;

    private static final int PIECE = 8_192;

    private final OkHttpClient http;

    /** @param usual nothing of it is changed; the connections are shared with it, the threads are not */
    public OkHttp(OkHttpClient usual) {
        Dispatcher dispatcher = new Dispatcher(threads());
        dispatcher.setMaxRequests(MOST_CALLS);
        dispatcher.setMaxRequestsPerHost(MOST_CALLS);
        http = usual.newBuilder()
                .dispatcher(dispatcher)
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false) // the token would go with it
                .followSslRedirects(false)
                .authenticator(Authenticator.NONE)
                .cookieJar(CookieJar.NO_COOKIES)
                .cache(null)
                .connectTimeout(CONNECT)
                .callTimeout(Duration.ZERO)
                .build();
    }

    private static ExecutorService threads() {
        return Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "contact-sync http");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public CompletableFuture<Head> send(Request request, Receiver receiver) {
        CompletableFuture<Head> result = new CompletableFuture<>();
        Call call = client(request).newCall(plain(request));
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException failure) {
                result.completeExceptionally(cause(failure, request));
            }

            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    result.complete(received(answered, response, receiver));
                } catch (IOException failure) {
                    result.completeExceptionally(cause(failure, request));
                } catch (RuntimeException | Error failure) {
                    result.completeExceptionally(failure);
                }
            }
        });
        result.whenComplete((head, failure) -> {
            if (result.isCancelled()) {
                call.cancel();
            }
        });
        return result;
    }

    /** One whose answers may be silent for as long as that request says. It has the same connections and threads. */
    private OkHttpClient client(Request request) {
        return http.newBuilder()
                .readTimeout(request.timeout().orElse(Duration.ZERO))
                .writeTimeout(request.timeout().orElse(Duration.ZERO))
                .retryOnConnectionFailure(request.method().equals("GET"))
                .build();
    }

    private static okhttp3.Request plain(Request request) {
        okhttp3.Request.Builder plain =
                new okhttp3.Request.Builder().url(request.uri().toString());
        if (request.headers().firstValue("Accept-Encoding").isEmpty()) {
            plain.header("Accept-Encoding", "identity"); // otherwise it asks for a packed answer, and unpacks it unseen
        }
        request.headers().fields().forEach((name, values) -> values.forEach(value -> plain.addHeader(name, value)));
        return plain.method(request.method(), request.body().map(Once::new).orElse(null))
                .build();
    }

    /** A body that is sent once: the library does not repeat its request by itself, whatever the answer says. */
    private static final class Once extends RequestBody {
        private final byte[] bytes;

        Once(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null; // it is among the headers
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }

    private static Head received(Call call, Response response, Receiver receiver) throws IOException {
        Head head = new Head(
                response.code(),
                new Headers(response.headers().toMultimap()),
                Optional.ofNullable(response.handshake())
                        .map(shake -> Tls.of(shake.tlsVersion().javaName(), shake.peerCertificates())));
        boolean more = receiver.begin(head);
        InputStream body = response.body().byteStream();
        byte[] piece = new byte[PIECE];
        while (more) {
            int length = body.read(piece);
            if (length < 0) {
                return head;
            }
            more = receiver.take(piece, length);
        }
        call.cancel(); // the rest is not wanted
        return head;
    }

    private static IOException cause(IOException failure, Request request) {
        if (!(failure instanceof SocketTimeoutException)) {
            return failure;
        }
        boolean connecting =
                String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("connect");
        return connecting || request.timeout().isEmpty()
                ? HttpTimeout.ofConnection(CONNECT, failure)
                : HttpTimeout.ofAnswer(request.timeout().get(), failure);
    }
}
