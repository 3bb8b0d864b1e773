package org.contactsync.client.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Sends requests and repeats them unchanged while another attempt may help. This is safe: reads change nothing, and the server
 * recognises repeated writes. For one thread at a time.
 */
public final class Exchange {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Above the longest {@code Prefer: wait} that a server offers (60 s). */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);

    /** Those after which the same request, with the same key, may succeed (protocol §5.2 and §5.3). */
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    /** An answer comes within the one above, and is complete within this: a server that sends it drop by drop is left. */
    private static final Duration WHOLE_ANSWER = Duration.ofMinutes(3);

    /** Longer than a server takes for an archive (protocol 4.26.2). */
    private static final Duration WHOLE_DOWNLOAD = Duration.ofMinutes(12);

    private final HttpClient http;
    private final Account account;
    private final ServerAddress server;
    private final Duration wholeAnswer;
    private final Optional<Instant> tokenEnd;
    private final RetryPolicy policy;
    private final Pause pause;
    private final Progress progress;
    private boolean answered;
    private int requests;

    /** Where the body of a large answer goes. */
    public interface Sink {
        /** Begins anew: forgets what an earlier attempt has written. */
        OutputStream begin() throws IOException;
    }

    public Exchange(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this(account, policy, pause, progress, WHOLE_ANSWER);
    }

    public Exchange(Account account, RetryPolicy policy, Pause pause, Progress progress, Duration wholeAnswer) {
        this.account = account;
        this.server = new ServerAddress(account.server());
        this.wholeAnswer = wholeAnswer;
        this.tokenEnd = account.expires();
        this.http = client(server);
        this.policy = policy;
        this.pause = pause;
        this.progress = progress;
    }

    /** Requests sent so far, repetitions included. */
    public int requests() {
        return requests;
    }

    /** A request to {@code path}, with what every request carries. */
    public HttpRequest.Builder to(String path) {
        HttpRequest.Builder request = withoutToken(path).header("Authorization", "Bearer " + account.token());
        account.device().ifPresent(device -> request.header("Device-Id", device.value()));
        return request;
    }

    /** As {@link #to}, for a list: it may come packed. */
    public HttpRequest.Builder toList(String path) {
        return to(path).header("Accept-Encoding", "gzip");
    }

    /** A request that says nothing about who sends it. */
    HttpRequest.Builder withoutToken(String path) {
        return HttpRequest.newBuilder(server.of(path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", "application/json, application/problem+json");
    }

    /**
     * Where a link of an answer leads, as a path for {@link #to}.
     *
     * @throws ServerRefusal when it leads away from the service; nothing was asked there
     */
    public String follow(String link) throws ServerRefusal {
        return server.path(link);
    }

    /** @throws ServerUnreachable when there was no answer at all; a refusal is an answer */
    public Response send(HttpRequest request) throws ServerUnreachable {
        return send(request, AnswerSize.USUAL);
    }

    /** @param size an answer that is larger is an unreadable one */
    public Response send(HttpRequest request, AnswerSize size) throws ServerUnreachable {
        return send(request, new Reading(BoundedBody.upTo(size), size, wholeAnswer));
    }

    /**
     * As {@link #send(HttpRequest)}, for an answer that is too large for the memory: what comes with status 200 goes to {@code sink}.
     *
     * @throws IOException when the sink fails
     */
    public Response download(HttpRequest request, Sink sink) throws ServerUnreachable, IOException {
        AnswerSize size = AnswerSize.ARCHIVE;
        try {
            return send(request, new Reading(BoundedBody.to(sink, size), size, WHOLE_DOWNLOAD));
        } catch (UncheckedIOException e) {
            throw requireNonNull(e.getCause());
        }
    }

    /** How an answer is read, and within which time. */
    private record Reading(BodyHandler<Optional<byte[]>> handler, AnswerSize size, Duration most) {}

    private Response send(HttpRequest request, Reading reading) throws ServerUnreachable {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= (answered ? policy.laterAttempts() : policy.firstAttempts());
            try {
                requests++;
                Response response = answer(request, reading);
                answered = true;
                Duration delay = delay(response, attempt);
                if (last || !isPassing(response) || delay.compareTo(RetryPolicy.LONGEST_ASKED) > 0) {
                    return response;
                }
                wait(attempt, "the server answered with status " + response.status(), delay);
            } catch (IOException e) {
                if (last) {
                    throw new ServerUnreachable(
                            "No answer from " + account.server() + ": " + ConnectionFault.words(e), e);
                }
                wait(attempt, ConnectionFault.words(e), policy.delayAfter(attempt));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /** Lets the time pass that the server asked for in {@code Retry-After}, at most {@link RetryPolicy#LONGEST_ASKED}. */
    public void waitRetryAfter(Response response) throws ServerUnreachable {
        Duration delay = delay(response, 1);
        pause(spread(delay.compareTo(RetryPolicy.LONGEST_ASKED) > 0 ? RetryPolicy.LONGEST_ASKED : delay));
    }

    private static boolean isPassing(Response response) {
        return PASSING.contains(response.status());
    }

    private Response answer(HttpRequest request, Reading reading) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Optional<byte[]>>> coming = http.sendAsync(request, reading.handler());
        try {
            HttpResponse<Optional<byte[]>> answer = coming.get(reading.most().toMillis(), TimeUnit.MILLISECONDS);
            Optional<byte[]> body = BoundedBody.unpacked(answer.body(), answer.headers(), reading.size());
            return new Response(answer.statusCode(), answer.headers(), body, tokenEnd);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(
                    "the answer did not end within " + reading.most().toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof UncheckedIOException local) {
                throw local;
            }
            throw new IOException("the answer is not HTTP", e.getCause());
        } finally {
            coming.cancel(true); // ends the connection of an answer that is not waited for any more
        }
    }

    /** One that speaks to this server only. */
    static HttpClient client(ServerAddress server) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // the token would go with it
                .connectTimeout(CONNECT_TIMEOUT);
        if (!server.isEncrypted()) {
            builder.sslContext(noTls());
        }
        return builder.build();
    }

    /** For a client that talks to one server, without TLS: it trusts nobody, and loads no certificates for that. */
    private static SSLContext noTls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private void wait(int attempt, String reason, Duration least) throws ServerUnreachable {
        Duration delay = spread(least);
        progress.retrying(attempt, reason, delay);
        pause(delay);
    }

    private static Duration spread(Duration delay) {
        return RetryPolicy.spread(delay, ThreadLocalRandom.current().nextDouble());
    }

    private void pause(Duration delay) throws ServerUnreachable {
        try {
            pause.sleep(delay);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What the server asked for, or the policy's own delay when that is longer: never sooner than asked (protocol §7.4). */
    private Duration delay(Response response, int attempt) {
        Optional<Duration> asked = response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        Duration own = policy.delayAfter(attempt);
        return asked.filter(value -> value.compareTo(own) > 0).orElse(own);
    }

    private static ServerUnreachable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ServerUnreachable("Interrupted", e);
    }
}
