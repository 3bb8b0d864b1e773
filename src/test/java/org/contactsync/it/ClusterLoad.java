package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Two devices of each of many users, that change contacts in turn, some at a time, through the instances that are named to them,
 * and repeat with the same key what they got no answer to. At the end, the acknowledgements of each user, in the order of
 * their seq, must fold to the stored book, with the right check code at each.
 */
final class ClusterLoad implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final int DEVICES = 2;
    private static final int THREADS = 6;
    private static final Duration BETWEEN = Duration.ofMillis(10);
    /** Leaves the processors to instances that start. */
    private static final Duration GENTLE = Duration.ofMillis(100);

    private static final int CONTACTS = 10;

    private final Duration between;
    private final List<LibertyServer> servers;
    private final List<Writer> writers = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean ended;

    private ClusterLoad(Duration between, int users, LibertyServer... servers) {
        this.between = between;
        this.servers = new CopyOnWriteArrayList<>(servers);
        for (int user = 0; user < users; user++) {
            Device phone = Device.ofNewUser(servers[0]);
            HttpAnswer book = phone.book();
            for (int i = 0; i < DEVICES; i++) {
                writers.add(new Writer(user, i, phone.another("device-" + i), book));
            }
        }
    }

    /** Starts; all books are empty. */
    static ClusterLoad of(int users, LibertyServer... servers) {
        return started(new ClusterLoad(BETWEEN, users, servers));
    }

    /** The same with fewer changes a second. */
    static ClusterLoad gently(int users, LibertyServer... servers) {
        return started(new ClusterLoad(GENTLE, users, servers));
    }

    private static ClusterLoad started(ClusterLoad load) {
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            load.running.add(load.threads.submit(() -> load.work(thread)));
        }
        return load;
    }

    /** Both devices of a user are with different threads. */
    private Void work(int thread) {
        for (int i = thread; !ended; i += THREADS) {
            writers.get(i % writers.size()).change();
            sleep(between.toMillis());
        }
        return null;
    }

    /** Requests go there too, from now on. */
    void add(LibertyServer server) {
        servers.add(server);
    }

    /** Requests go there no more, from now on. */
    void remove(LibertyServer server) {
        servers.remove(server);
    }

    /** All that was acknowledged so far. */
    int acknowledged() {
        return writers.stream().mapToInt(writer -> writer.acknowledged.size()).sum();
    }

    /** The longest time, in milliseconds, that a change took which was under way, or was begun, after the moment. */
    long longestMillisSince(long nanoTime) {
        return writers.stream()
                .flatMap(writer -> writer.acknowledged.stream())
                .filter(change -> change.endNanos > nanoTime)
                .mapToLong(change -> (change.endNanos - Math.max(nanoTime, change.startNanos)) / 1_000_000)
                .max()
                .orElse(0);
    }

    /** Waits until every device has had a change acknowledged that it began after the moment. */
    void awaitAllSince(long nanoTime) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!writers.stream().allMatch(writer -> writer.lastStart() > nanoTime)) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            running.stream().filter(Future::isDone).forEach(ClusterLoad::outcome);
            sleep(20);
        }
    }

    /** Ends the load and compares every book; returns the number of changes. */
    int verify() {
        ended = true;
        running.forEach(ClusterLoad::outcome);
        for (int i = 0; i < writers.size(); i += DEVICES) {
            verify(writers.subList(i, i + DEVICES));
        }
        return acknowledged();
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdownNow();
    }

    private void verify(List<Writer> ofUser) {
        List<Acknowledged> log = ofUser.stream()
                .flatMap(writer -> writer.acknowledged.stream())
                .sorted(Comparator.comparingInt(change -> change.seq))
                .toList();
        Device reading = ofUser.get(0).device.at(servers.get(0));
        BookModel folded = new BookModel(reading.checkKey());
        for (int i = 0; i < log.size(); i++) {
            Acknowledged change = log.get(i);
            assertThat(change.seq).as("each once, no gap").isEqualTo(i + 1);
            folded.put(change.uid, change.card);
            assertThat(folded.checkCode()).as("seq %d", change.seq).isEqualTo(change.checkCode);
        }
        assertThat(reading.read().contacts()).isEqualTo(folded.contacts());
        assertThat(reading.book().number("seq")).isEqualTo(log.size());
        assertThat(reading.checkCode()).isEqualTo(folded.checkCode());
        for (Writer writer : ofUser) {
            assertThat(writer.acknowledged)
                    .as("in the order in which the device sent them")
                    .isSortedAccordingTo(Comparator.comparingInt(change -> change.seq));
        }
    }

    private static void outcome(Future<?> work) {
        try {
            work.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("a device failed", e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Acknowledged(int seq, String uid, String card, String checkCode, long startNanos, long endNanos) {}

    /** One device; no other writes its contacts. One thread at a time. */
    private final class Writer {
        private final int number;
        private final Device device;
        private final BookModel own;
        private final List<Acknowledged> acknowledged = new CopyOnWriteArrayList<>();
        private String code;
        private int changes;
        private int turn;

        Writer(int user, int number, Device device, HttpAnswer book) {
            this.number = number;
            this.device = device;
            own = new BookModel(CheckKey.ofBase64Url(book.string("checkKey")));
            code = book.string("checkCode");
            turn = user;
        }

        long lastStart() {
            int size = acknowledged.size();
            return size == 0 ? Long.MIN_VALUE : acknowledged.get(size - 1).startNanos;
        }

        /** Changes one contact, and returns when that is acknowledged. */
        synchronized void change() {
            String uid = "of-" + number + "-" + changes % CONTACTS;
            String card = Changes.card("change " + changes + " of " + number);
            String body = new Changes()
                    .putOver(changes < CONTACTS ? null : own.contentHash(uid), uid, card)
                    .rebase()
                    .body();
            long start = System.nanoTime();
            JsonObject done = acknowledgement(body);
            changes++;
            code = done.getString("checkCode");
            own.put(uid, card);
            acknowledged.add(new Acknowledged(done.getInt("seq"), uid, card, code, start, System.nanoTime()));
        }

        /** Repeats with the same key, at one instance after the other, until the outcome is known. */
        private JsonObject acknowledgement(String body) {
            String key = "\"" + UUID.randomUUID() + "\"";
            long end = System.nanoTime() + LONGEST.toNanos();
            while (System.nanoTime() < end) {
                LibertyServer server = servers.get(Math.floorMod(turn++, servers.size()));
                try {
                    HttpAnswer answer = device.at(server).patch(code, body, "Idempotency-Key", key);
                    if (answer.status() == 200) {
                        return answer.json();
                    }
                    if (answer.status() == 409) {
                        answer.is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS);
                    } else {
                        assertThat(answer.status()).as("%s", answer).isIn(202, 503);
                    }
                } catch (CompletionException e) {
                    assertThat(e.getCause()).isInstanceOf(java.io.IOException.class);
                }
                sleep(100);
            }
            throw new AssertionError("no outcome in " + LONGEST);
        }
    }
}
