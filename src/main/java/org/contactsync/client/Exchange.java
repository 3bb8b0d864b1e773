package org.contactsync.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends requests and repeats them, unchanged, until there is an answer that repeating would not better. Safe because every
 * request of this client is: reads, and writes that the server recognises. For one thread at a time.
 */
final class Exchange {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Above the longest {@code Prefer: wait} that a server offers (60 s). */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);

    /** Those after which the same request, with the same key, may succeed (protocol §5.2 and §5.3). */
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final Account account;
    private final RetryPolicy policy;
    private final Pause pause;
    private final Progress progress;
    private boolean answered;
    private int requests;

    Exchange(Account account, RetryPolicy policy, Pause pause, Progress progress) {
        this.account = account;
        this.policy = policy;
        this.pause = pause;
        this.progress = progress;
    }

    /** Requests sent so far, repetitions included. */
    int requests() {
        return requests;
    }

    /** A request to {@code path}, with what every request carries. */
    HttpRequest.Builder to(String path) {
        HttpRequest.Builder request = withoutToken(path).header("Authorization", "Bearer " + account.token());
        account.device().ifPresent(device -> request.header("Device-Id", device.value()));
        return request;
    }

    /** A request that says nothing about who sends it. */
    HttpRequest.Builder withoutToken(String path) {
        return HttpRequest.newBuilder(URI.create(account.server() + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", "application/json, application/problem+json");
    }

    /** @throws ServerUnreachable when there was no answer at all; a refusal is an answer */
    Response send(HttpRequest request) throws ServerUnreachable {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= (answered ? policy.laterAttempts() : policy.firstAttempts());
            try {
                requests++;
                HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                answered = true;
                Response response = new Response(answer.statusCode(), answer.headers(), answer.body());
                Duration delay = delay(response, attempt);
                if (last || !isPassing(response) || delay.compareTo(RetryPolicy.LONGEST_ASKED) > 0) {
                    return response;
                }
                wait("the server answered " + response.status(), delay);
            } catch (IOException e) {
                if (last) {
                    throw new ServerUnreachable("no answer from " + account.server() + " (" + reason(e) + ")", e);
                }
                wait("no answer (" + reason(e) + ")", policy.delayAfter(attempt));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /** Lets the time pass that the server asked for in {@code Retry-After}, at most {@link RetryPolicy#LONGEST_ASKED}. */
    void waitAsAsked(Response response) throws ServerUnreachable {
        Duration delay = delay(response, 1);
        pause(spread(delay.compareTo(RetryPolicy.LONGEST_ASKED) > 0 ? RetryPolicy.LONGEST_ASKED : delay));
    }

    private static boolean isPassing(Response response) {
        return PASSING.contains(response.status());
    }

    private void wait(String reason, Duration least) throws ServerUnreachable {
        Duration delay = spread(least);
        progress.retrying(reason, delay);
        pause(delay);
    }

    private static Duration spread(Duration delay) {
        return RetryPolicy.spread(delay, ThreadLocalRandom.current().nextDouble());
    }

    private void pause(Duration delay) throws ServerUnreachable {
        try {
            pause.last(delay);
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
        return new ServerUnreachable("interrupted", e);
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
