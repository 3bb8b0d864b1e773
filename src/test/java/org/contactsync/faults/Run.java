package org.contactsync.faults;

import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Load, faults, and the question whether all promises were kept. One thread at a time. */
final class Run {
    private static final int USERS = 5;
    private static final int DEVICES = 3;

    /** About half of them wait in each instance, or all in one: as the broker deals them out (decision 11). */
    private static final int CROWD = 40;

    /** So many users must have had their changes in one commit when there is a crowd. */
    private static final int GROUP = 8;

    /** After the last fault: leases run out, parked tasks run, everything unknown is asked for. */
    private static final Duration LAST = Duration.ofMinutes(4);

    /** Before the first fault: until changes of enough users share a commit. */
    private static final Duration WARM = Duration.ofMinutes(4);

    private static final Duration EVENTS = Duration.ofSeconds(100);

    private final Installation site;
    private final long seed;
    private final Random random;
    private final Log log = new Log();
    private final HttpClient http = Api.client();
    private final List<Client> clients = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<Throwable> broken = new ArrayList<>();
    private Optional<GroupWatch> watch = Optional.empty();
    private volatile long until = Long.MAX_VALUE;

    Run(Installation site, long seed) {
        this.site = site;
        this.seed = seed;
        random = new Random(seed);
        for (int user = 0; user < USERS; user++) {
            String name = "user-" + user;
            String token = site.token(name);
            listeners.add(new Listener(http, site.endpoints(), name, token, log));
            for (int i = 0; i < DEVICES; i++) {
                String device = "device-" + user + "-" + i;
                Api api = new Api(http, site.endpoints(), token, device, log::now);
                if (random.nextBoolean()) {
                    api.change();
                }
                clients.add(new Device(name, device, api, log, new Random(random.nextLong())));
            }
        }
    }

    /** Besides, many users change one contact each at the same moments: enough of them must share commits. */
    Run withCrowd() {
        for (int i = 0; i < CROWD; i++) {
            String name = "crowd-%02d".formatted(i);
            String token = site.token(name);
            listeners.add(new Listener(http, site.endpoints(), name, token, log));
            Api api = new Api(http, site.endpoints(), token, name, log::now);
            if (i % 2 == 1) {
                api.change();
            }
            clients.add(new CrowdDevice(name, api, log, new Random(random.nextLong())));
        }
        watch = Optional.of(new GroupWatch(http, site.endpoints()));
        return this;
    }

    /**
     * Has the devices work while one fault after the other comes and goes.
     *
     * @param next gives the next fault; empty: it is enough
     * @return the broken promises
     */
    List<String> under(Supplier<Optional<Fault>> next) {
        List<Thread> threads = new ArrayList<>();
        for (Client each : clients) {
            threads.add(start(() -> each.run(() -> until)));
        }
        calm();
        watch.ifPresent(each -> awaitGroups(each.tally()));
        for (Optional<Fault> fault = next.get(); fault.isPresent(); fault = next.get()) {
            breakAndMend(fault.get());
            calm();
        }
        until = log.now();
        site.heal();
        say("all is well again");
        join(threads);
        long last = log.now() + LAST.toNanos();
        List<Thread> ending =
                clients.stream().map(each -> start(() -> each.end(last))).toList();
        join(ending);
        awaitLastEvents();
        List<String> faults = check();
        watch.filter(each -> each.tally().ofAtLeast(GROUP) == 0)
                .ifPresent(each -> faults.add("no commit had changes of " + GROUP + " users: " + each.tally()));
        listeners.forEach(Listener::close);
        watch.ifPresent(GroupWatch::close);
        print(faults);
        return faults;
    }

    private void breakAndMend(Fault fault) {
        say(fault.toString());
        long before = log.now();
        fault.begin().run();
        sleep(fault.hold());
        fault.end().run();
        say("  over after %.1f s".formatted((log.now() - before) / 1e9));
        done.add(fault.toString());
    }

    /** Instances that have just started are slow, and changes that wait too long run alone. */
    private void awaitGroups(GroupTally tally) {
        long until = log.now() + WARM.toNanos();
        while (tally.ofAtLeast(GROUP) == 0 && log.now() < until) {
            Pursuit.rest(200);
        }
        say("commits with changes of several users: " + tally);
    }

    private void calm() {
        sleep(Duration.ofMillis(1500 + random.nextInt(2500)));
    }

    /** Events may be late, by about a minute at most (protocol 4.15.4). */
    private void awaitLastEvents() {
        long until = log.now() + EVENTS.toNanos();
        try (Connection connection = site.postgres().connect()) {
            StoredBooks stored = new StoredBooks(connection);
            for (Listener each : listeners) {
                long seq = stored.of(each.user()).seq();
                while (each.last() != seq && log.now() < until) {
                    Pursuit.rest(200);
                }
                if (each.last() != seq) {
                    broken.add(new AssertionError("the last event of " + each.user() + " is " + each.last()
                            + ", and the last change " + seq));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compares what the devices were told with what the database has now; nobody may be at work. */
    List<String> check() {
        List<String> faults = new ArrayList<>();
        broken.forEach(each -> faults.add("a device could not go on: " + each));
        try (Connection connection = site.postgres().connect()) {
            StoredBooks stored = new StoredBooks(connection);
            for (History each : log.histories(stored::of)) {
                faults.addAll(Checker.check(each));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return faults;
    }

    private void print(List<String> faults) {
        StringBuilder text = new StringBuilder("\nOperations of %d devices of %d users in %.0f s, seed %d%n"
                .formatted(clients.size(), listeners.size(), log.now() / 1e9, seed));
        log.counts().forEach((kind, outcomes) -> {
            text.append("  ").append(kind).append('\n');
            outcomes.forEach((outcome, count) -> text.append("    %6d %s%n".formatted(count, outcome)));
        });
        long attempts = log.operations().stream()
                .mapToLong(each -> each.attempts().size())
                .sum();
        text.append("  %d requests, %d of them without an answer or with 5xx; %d readings, %d of the past, %d events%n"
                .formatted(attempts, unanswered(), log.readings(), log.pastReadings(), log.events()));
        watch.ifPresent(
                each -> text.append("  commits with changes of several users, at least: %s; of %d users and more: %d%n"
                        .formatted(each.tally(), GROUP, each.tally().ofAtLeast(GROUP))));
        text.append("Faults\n");
        Map<String, Long> counted = new TreeMap<>();
        done.forEach(each -> counted.merge(each, 1L, Long::sum));
        counted.forEach((name, count) -> text.append("    %6d %s%n".formatted(count, name)));
        text.append(
                faults.isEmpty()
                        ? "Every promise was kept.\n"
                        : "BROKEN PROMISES: " + faults.size() + ", seed " + seed + "\n");
        System.out.print(text);
    }

    private long unanswered() {
        return log.operations().stream()
                .flatMap(each -> each.attempts().stream())
                .filter(each -> !each.came().matches("[1-4][0-9][0-9].*"))
                .count();
    }

    private Thread start(Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                e.printStackTrace();
                synchronized (broken) {
                    broken.add(e);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(List<Thread> threads) {
        for (Thread each : threads) {
            try {
                each.join(TimeUnit.MINUTES.toMillis(6));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            if (each.isAlive()) {
                throw new IllegalStateException("a device does not come to an end");
            }
        }
    }

    private void say(String what) {
        System.out.printf("%8.1f s  %s%n", log.now() / 1e9, what);
    }

    private static void sleep(Duration time) {
        Pursuit.rest(time.toMillis());
    }
}
