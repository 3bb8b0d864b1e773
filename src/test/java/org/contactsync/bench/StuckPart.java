package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.bench.Load.Result;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * What users notice of others whose tasks are stuck: the book's row of each of those is locked by somebody who does not let it go,
 * while a client of theirs repeats its change as it is told. With and without them in turns.
 */
final class StuckPart {
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final int CARDS = 20_000;

    private final Bench bench;
    private final StoredBooks books;
    private final MadeCards cards;

    StuckPart(Bench bench) {
        this.bench = bench;
        books = bench.books(6);
        cards = bench.cards(CARDS);
    }

    /** A client that changes the books of its own users; or of a stuck one, and waits before it repeats. */
    private final class Client implements Load.Worker {
        private final Wire wire = bench.wire();
        private final List<Device> devices;
        private int next;

        Client(List<Device> devices) {
            this.devices = devices;
        }

        @Override
        public boolean once() throws IOException {
            return devices.get(next++ % devices.size()).change(wire);
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /** Changes of stuck users, outside of what is counted. */
    private final class Stuck implements AutoCloseable {
        private final Connection holder;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean ended;

        Stuck(List<Filled> users) throws SQLException {
            holder = bench.postgres().connect();
            holder.setAutoCommit(false);
            try (PreparedStatement lock =
                    holder.prepareStatement("select id from book where owner_key = ? for update")) {
                for (Filled each : users) {
                    lock.setString(1, StoredBooks.owner(each.user()).key());
                    lock.executeQuery().close();
                }
            }
            for (Filled each : users) {
                Thread thread = new Thread(() -> repeat(each), "stuck-" + each.user());
                threads.add(thread);
                thread.start();
            }
        }

        private void repeat(Filled user) {
            Device device = new Device(user, cards, bench.authorization(user.user()), user.id());
            try (Wire wire = bench.wire()) {
                while (!ended) {
                    try {
                        device.change(wire);
                        // What Retry-After says.
                        Thread.sleep(1_000);
                    } catch (IOException e) {
                        // It is stuck: any answer will do.
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
        }

        @Override
        public void close() throws SQLException {
            ended = true;
            holder.rollback();
            holder.close();
            for (Thread thread : threads) {
                thread.interrupt();
            }
        }
    }

    void run() {
        Options options = bench.options();
        Report report = bench.report();
        report.heading(String.format(
                Locale.ROOT,
                "%d clients of %,d users beside %d users with a stuck task",
                options.stuckClients(),
                options.users(),
                options.stuck()));
        bench.server();
        List<Filled> all = fill(options.users() + options.stuck());
        List<Filled> stuck = all.subList(options.users(), all.size());
        List<Device> devices = all.subList(0, options.users()).stream()
                .map(book -> new Device(book, cards, bench.authorization(book.user()), options.seed() + book.id()))
                .toList();
        report.progress("warming up");
        Load.run(clients(devices), options.warmup(), Duration.ZERO, bench::usage);
        List<Result> without = new ArrayList<>();
        List<Result> with = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            without.add(Load.run(clients(devices), SETTLE, options.seconds(), bench::usage));
            try (Stuck others = new Stuck(stuck)) {
                with.add(Load.run(clients(devices), SETTLE, options.seconds(), bench::usage));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            report.progress("without / with: " + rate(without) + " / " + rate(with));
        }
        verify(devices);
        report.table(
                List.of("", "syncs/s", "p50 ms", "p99 ms", "refused", "p99 of each round"),
                List.of(row("without", without), row("with", with)));
        report.line(
                "The locks are held by a database session of the benchmark. Verified: codes, numbers and cards of the others' books.");
    }

    private static List<String> row(String name, List<Result> results) {
        Timings timings = Timings.of(results.stream().map(Result::timings).toList());
        return List.of(
                name,
                rate(results),
                timings.p50(),
                timings.p99(),
                Long.toString(results.stream().mapToLong(Result::refused).sum()),
                String.join(
                        " ", results.stream().map(each -> each.timings().p99()).toList()));
    }

    private static String rate(List<Result> results) {
        return String.format(
                Locale.ROOT,
                "%.0f",
                Timings.median(results.stream().map(Result::perSecond).toList()));
    }

    private List<Client> clients(List<Device> devices) {
        List<Client> clients = new ArrayList<>();
        int count = bench.options().stuckClients();
        for (int i = 0; i < count; i++) {
            List<Device> own = new ArrayList<>();
            for (int each = i; each < devices.size(); each += count) {
                own.add(devices.get(each));
            }
            clients.add(new Client(own));
        }
        return clients;
    }

    private List<Filled> fill(int users) {
        int size = bench.options().userBook();
        bench.report().progress("filling " + users + " books");
        List<Filled> filled = new ArrayList<>();
        try (Connection connection = bench.postgres().connect()) {
            for (int i = 0; i < users; i++) {
                int first = (int) ((long) i * size % (cards.size() - size));
                filled.add(books.fill(connection, Bench.newUser("stuck"), cards, first, size));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        return filled;
    }

    private void verify(List<Device> devices) {
        try (Connection connection = bench.postgres().connect()) {
            for (Device device : devices) {
                device.verify(connection, books);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
