package org.contactsync.client.http.jdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Headers;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.HttpTimeout;
import org.contactsync.client.http.port.Receiver;
import org.contactsync.client.http.port.Request;
import org.contactsync.client.http.port.Tls;

/** {@link HttpClient} as the port. Thread-safe. */
public final class JdkHttp implements HttpPort {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient http;

    private JdkHttp(HttpClient.Builder builder) {
        this.http = builder.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // the token would go with it
                .connectTimeout(CONNECT)
                .build();
    }

    /** For any server; the certificates that this Java trusts. */
    public static JdkHttp usual() {
        return new JdkHttp(HttpClient.newBuilder());
    }

    /** For one server; without {@code https} it loads no certificates. */
    public static JdkHttp to(URI server) {
        return "https".equalsIgnoreCase(server.getScheme())
                ? usual()
                : new JdkHttp(HttpClient.newBuilder().sslContext(noTls()));
    }

    /** It trusts nobody. */
    private static SSLContext noTls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    @Override
    public CompletableFuture<Head> send(Request request, Receiver receiver) {
        CompletableFuture<HttpResponse<Head>> coming = http.sendAsync(
                plain(request), info -> new ReceivedBody(head(info.statusCode(), info.headers()), receiver));
        CompletableFuture<Head> result = new CompletableFuture<>();
        coming.whenComplete((response, failure) -> {
            if (failure == null) {
                Head head = response.body();
                result.complete(new Head(
                        head.status(), head.headers(), response.sslSession().map(JdkHttp::tls)));
            } else {
                result.completeExceptionally(cause(failure, request));
            }
        });
        result.whenComplete((head, failure) -> {
            if (result.isCancelled()) {
                coming.cancel(true);
            }
        });
        return result;
    }

    private static HttpRequest plain(Request request) {
        HttpRequest.Builder plain = HttpRequest.newBuilder(request.uri());
        request.timeout().ifPresent(plain::timeout);
        request.headers().fields().forEach((name, values) -> values.forEach(value -> plain.header(name, value)));
        if (request.body().isPresent()) {
            return plain.method(
                            request.method(),
                            BodyPublishers.ofByteArray(request.body().get()))
                    .build();
        }
        return switch (request.method()) {
            case "GET" -> plain.GET().build();
            case "DELETE" -> plain.DELETE().build();
            default -> plain.method(request.method(), BodyPublishers.noBody()).build();
        };
    }

    private static Head head(int status, HttpHeaders headers) {
        return new Head(status, new Headers(headers.map()), Optional.empty());
    }

    private static Tls tls(SSLSession session) {
        try {
            return Tls.of(session.getProtocol(), List.of(session.getPeerCertificates()));
        } catch (SSLPeerUnverifiedException e) {
            return Tls.of(session.getProtocol(), List.of());
        }
    }

    private static Throwable cause(Throwable failure, Request request) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HttpConnectTimeoutException) {
            return HttpTimeout.ofConnection(CONNECT, cause);
        }
        return cause instanceof HttpTimeoutException && request.timeout().isPresent()
                ? HttpTimeout.ofAnswer(request.timeout().get(), cause)
                : cause;
    }
}
