package org.contactsync.faults;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.contactsync.faults.Api.Endpoint;

/**
 * Reads again and again how many changes shared a commit in each instance, because an instance that is killed forgets it. Has a thread for
 * each instance; thread-safe.
 */
final class GroupWatch implements AutoCloseable {
    private static final long PAUSE_MILLIS = 500;
    private static final Duration MOST = Duration.ofSeconds(3);

    private final HttpClient http;
    private final GroupTally tally = new GroupTally();
    private volatile boolean closed;

    GroupWatch(HttpClient http, List<Endpoint> endpoints) {
        this.http = http;
        for (Endpoint each : endpoints) {
            Thread thread = new Thread(() -> watch(each), "watch of " + each.name());
            thread.setDaemon(true);
            thread.start();
        }
    }

    GroupTally tally() {
        return tally;
    }

    private void watch(Endpoint endpoint) {
        HttpRequest request = HttpRequest.newBuilder(endpoint.base().resolve("/metrics"))
                .timeout(MOST)
                .build();
        while (!closed) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    tally.read(endpoint.name(), answer.body());
                }
            } catch (IOException e) {
                // It is down, or cut off: that is what faults are for.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            Pursuit.rest(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
