package org.contactsync.webhook.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up within a time. The system's resolver has no limit that a caller could set: with name servers that do not answer it may take
 * a minute. A look-up that goes on is waited for by the next one of the same name, so that each name takes one thread at most. Thread-safe.
 */
final class TimedNames implements Names {
    static final Duration LONGEST = Duration.ofSeconds(3);

    private final Names names;
    private final Executor executor;
    private final Duration longest;
    private final ConcurrentMap<String, CompletableFuture<InetAddress[]>> pending = new ConcurrentHashMap<>();

    TimedNames(Names names, Executor executor, Duration longest) {
        this.names = names;
        this.executor = executor;
        this.longest = longest;
    }

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException {
        try {
            return answer(host).get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            throw new UnknownHostException("not found in time");
        }
    }

    private CompletableFuture<InetAddress[]> answer(String host) {
        CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
        CompletableFuture<InetAddress[]> other = pending.putIfAbsent(host, mine);
        if (other != null) {
            return other;
        }
        try {
            executor.execute(() -> lookUp(host, mine));
        } catch (RejectedExecutionException e) {
            pending.remove(host, mine);
            throw e;
        }
        return mine;
    }

    private void lookUp(String host, CompletableFuture<InetAddress[]> answer) {
        try {
            InetAddress[] found = names.lookUp(host);
            pending.remove(host, answer);
            answer.complete(found);
        } catch (UnknownHostException | RuntimeException e) {
            pending.remove(host, answer);
            answer.completeExceptionally(e);
        }
    }
}
