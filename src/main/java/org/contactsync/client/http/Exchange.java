package org.contactsync.client.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.Request;

/**
 * Sends requests and repeats them unchanged while another attempt may help. This is safe: reads change nothing, and the server
 * recognises repeated writes. For one thread at a time.
 */
public final class Exchange {
    /** Above the longest {@code Prefer: wait} that a server offers (60 s). */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);

    /** Those after which the same request, with the same key, may succeed (protocol §5.2 and §5.3). */
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    /** An answer comes within the one above, and is complete within this: a server that sends it drop by drop is left. */
    static final Duration WHOLE_ANSWER = Duration.ofMinutes(3);

    /** Longer than a server takes for an archive (protocol 4.26.2). */
    private static final Duration WHOLE_DOWNLOAD = Duration.ofMinutes(12);

    private final HttpPort http;
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

    /** Over the HTTP client of the JDK. */
    public Exchange(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this(account, JdkHttp.to(account.server()), policy, pause, progress, WHOLE_ANSWER);
    }

    public Exchange(Account account, HttpPort http, RetryPolicy policy, Pause pause, Progress progress) {
        this(account, http, policy, pause, progress, WHOLE_ANSWER);
    }

    /** @param wholeAnswer within which an answer has to be complete */
    public Exchange(
            Account account, HttpPort http, RetryPolicy policy, Pause pause, Progress progress, Duration wholeAnswer) {
        this.account = account;
        this.server = new ServerAddress(account.server());
        this.wholeAnswer = wholeAnswer;
        this.tokenEnd = account.expires();
        this.http = http;
        this.policy = policy;
        this.pause = pause;
        this.progress = progress;
    }

    /** Requests sent so far, repetitions included. */
    public int requests() {
        return requests;
    }

    /** A request to {@code path}, with what every request carries. */
    public Request.Builder to(String path) {
        Request.Builder request = withoutToken(path).header("Authorization", "Bearer " + account.token());
        account.device().ifPresent(device -> request.header("Device-Id", device.value()));
        return request;
    }

    /** As {@link #to}, for a list: it may come packed. */
    public Request.Builder toList(String path) {
        return to(path).header("Accept-Encoding", "gzip");
    }

    /** A request that says nothing about who sends it. */
    Request.Builder withoutToken(String path) {
        return Request.to(server.of(path))
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
    public Response send(Request request) throws ServerUnreachable {
        return send(request, AnswerSize.USUAL);
    }

    /** @param size an answer that is larger is an unreadable one */
    public Response send(Request request, AnswerSize size) throws ServerUnreachable {
        return send(request, new Reading(() -> BoundedBody.upTo(size), wholeAnswer));
    }

    /**
     * As {@link #send(Request)}, for an answer that is too large for the memory: what comes with status 200 goes to {@code sink}.
     *
     * @throws IOException when the sink fails
     */
    public Response download(Request request, Sink sink) throws ServerUnreachable, IOException {
        try {
            return send(request, new Reading(() -> BoundedBody.to(sink, AnswerSize.ARCHIVE), WHOLE_DOWNLOAD));
        } catch (UncheckedIOException e) {
            throw requireNonNull(e.getCause());
        }
    }

    /**
     * How an answer is read.
     *
     * @param body one for each attempt
     * @param most for the whole of it
     */
    private record Reading(Supplier<BoundedBody> body, Duration most) {}

    private Response send(Request request, Reading reading) throws ServerUnreachable {
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

    private Response answer(Request request, Reading reading) throws IOException, InterruptedException {
        BoundedBody body = reading.body().get();
        Head head = OneRequest.send(http, request, body, reading.most());
        return new Response(head.status(), head.headers(), body.unpacked(head.headers()), tokenEnd);
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
