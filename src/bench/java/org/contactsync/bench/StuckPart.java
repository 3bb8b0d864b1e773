package org.contactsync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final Duration END = Duration.ofSeconds(60);

    private final Bench bench;

    StuckPart(Bench bench) {
        this.bench = bench;
    }

    /** Changes of stuck users, outside of what is counted. */
    private final class Stuck implements AutoCloseable {
        private final Connection holder;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean ended;

        Stuck(Users users) throws SQLException {
            holder = bench.postgres().connect();
            holder.setAutoCommit(false);
            try (PreparedStatement lock =
                    holder.prepareStatement("select id from book where owner_key = ? for update")) {
                for (Filled each : users.books()) {
                    lock.setString(1, StoredBooks.owner(each.user()).key());
                    lock.executeQuery().close();
                }
            }
            for (Device each : users.devices()) {
                Thread thread = new Thread(() -> insist(each), "stuck-" + threads.size());
                threads.add(thread);
                thread.start();
            }
        }

        private void insist(Device device) {
            try (Wire wire = bench.wire()) {
                device.insist(wire, () -> ended);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Lets the locks go: what was stuck ends, and with it the threads. */
        @Override
        public void close() throws SQLException {
            ended = true;
            holder.rollback();
            holder.close();
            for (Thread thread : threads) {
                try {
                    thread.join(END.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
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
        Users users = new Users(bench, "others", 6, options.users());
        users.warmUp(options.stuckClients());
        List<Result> without = new ArrayList<>();
        List<Result> with = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            without.add(load(users));
            // New ones in each round: a task that was stuck in an earlier one is done.
            Users stuck = new Users(bench, "stuck", 7L + round, options.stuck());
            try (Stuck others = new Stuck(stuck)) {
                with.add(load(users));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            report.progress("without / with: " + rate(without) + " / " + rate(with) + "; not 200: " + users.refusals());
        }
        users.verify();
        report.table(
                List.of(
                        "",
                        "syncs/s",
                        "p50 ms",
                        "p99 ms",
                        "refused",
                        "server CPU ms/sync",
                        "database CPU ms/sync",
                        "p99 of each round"),
                List.of(row("without", without), row("with", with)));
        report.line(
                "The locks are held by a database session of the benchmark; each stuck user's client repeats its change as it is"
                        + " told. Answers to the others that were not 200: " + users.refusals()
                        + ". Verified: codes, numbers and cards of the others' books.");
    }

    private Result load(Users users) {
        Options options = bench.options();
        return Load.run(users.clients(options.stuckClients()), SETTLE, options.seconds(), bench::usage);
    }

    private static List<String> row(String name, List<Result> results) {
        Timings timings = Result.timings(results);
        return List.of(
                name,
                rate(results),
                timings.p50(),
                timings.p99(),
                Long.toString(Result.refused(results)),
                Result.perSync(results, each -> each.server().total()),
                Result.perSync(results, each -> each.database().total()),
                String.join(
                        " ", results.stream().map(each -> each.timings().p99()).toList()));
    }

    private static String rate(List<Result> results) {
        return String.format(Locale.ROOT, "%.0f", Result.perSecond(results));
    }
}
