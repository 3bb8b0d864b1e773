package org.contactsync.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.bench.Load.Result;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * Many clients change one contact at a time, each in the books of its own users. Floors: the same rows by plain JDBC with as
 * many connections, one transaction each; the statements of groups, which also write the history; round trips of as many clients through the same kind of broker. They take turns with the service.
 */
final class ManyClientsPart {
    static final Duration SETTLE = Duration.ofSeconds(3);

    /** As many as the service has sessions. */
    private static final int LISTENERS = 32;

    private final Bench bench;
    private final List<Turn> turns = new ArrayList<>();

    ManyClientsPart(Bench bench) {
        this.bench = bench;
    }

    /** What is measured in a turn. */
    private enum What {
        SERVICE,
        ROWS,
        GROUPED_ROWS,
        ROUND_TRIPS
    }

    private record Turn(int clients, What what, Result result) {}

    /** As many as the service has leaders of groups. */
    private static final int GROUPS = Math.max(2, Machine.processors());

    /** As many as the service has in a transaction. */
    private static final int MOST_IN_GROUP = 32;

    /** The floor of a client. */
    private final class Writer implements Load.Worker {
        private final PlainJdbc jdbc;
        private final List<Filled> users;
        private final MadeCards cards;
        private final SplittableRandom random;
        private int next;

        Writer(PlainJdbc jdbc, List<Filled> users, MadeCards cards, long seed) {
            this.jdbc = jdbc;
            this.users = users;
            this.cards = cards;
            random = new SplittableRandom(seed);
        }

        @Override
        public boolean once() throws SQLException {
            Filled user = users.get(next++ % users.size());
            int number = user.first() + random.nextInt(user.size());
            jdbc.change(
                    StoredBooks.owner(user.user()).key(),
                    cards.uid(number),
                    cards.card(number, next),
                    new UUID(random.nextLong(), random.nextLong()));
            return true;
        }

        @Override
        public void close() {
            jdbc.close();
        }
    }

    void run() {
        Report report = bench.report();
        Options options = bench.options();
        report.heading(String.format(
                Locale.ROOT,
                "Changes of one contact, many clients, %,d users, books of %,d",
                options.users(),
                options.userBook()));
        bench.server();
        Users users = new Users(bench, "many", 4, options.users());
        PlainJdbc.copy(bench.postgres(), users.books());
        users.warmUp(options.clients().get(options.clients().size() / 2));
        for (int round = 0; round < options.rounds(); round++) {
            for (int clients : options.clients()) {
                service(users, clients, round);
                turn(clients, What.ROWS, writers(users, clients, round));
                turn(clients, What.GROUPED_ROWS, groupedWriters(users, clients, round));
                try (BrokerFloor floor = bench.brokerFloor(LISTENERS)) {
                    turn(clients, What.ROUND_TRIPS, roundTrips(floor, clients));
                }
                report.progress(clients + " clients: " + all(of(clients, What.SERVICE)) + " / rows "
                        + all(of(clients, What.ROWS)) + " / grouped "
                        + all(of(clients, What.GROUPED_ROWS), inGroup(clients)) + " / round trips "
                        + all(of(clients, What.ROUND_TRIPS))
                        + "; not 200: " + users.refusals());
            }
        }
        users.verify();
        print(users);
    }

    private void service(Users users, int clients, int round) {
        bench.postgres().checkpoint();
        if (round > 0) {
            turn(clients, What.SERVICE, users.clients(clients));
        } else {
            bench.profiled("throughput-" + clients, () -> turn(clients, What.SERVICE, users.clients(clients)));
        }
    }

    private Result turn(int clients, What what, List<? extends Load.Worker> workers) {
        Result result = Load.run(workers, SETTLE, bench.options().seconds(), bench::usage);
        turns.add(new Turn(clients, what, result));
        return result;
    }

    private void print(Users users) {
        List<List<String>> rows = new ArrayList<>();
        for (int clients : bench.options().clients()) {
            List<Result> service = of(clients, What.SERVICE);
            List<Result> floor = of(clients, What.ROWS);
            List<Result> trips = of(clients, What.ROUND_TRIPS);
            List<Result> grouped = of(clients, What.GROUPED_ROWS);
            double groupedRate = Result.perSecond(grouped) * inGroup(clients);
            double rate = Result.perSecond(service);
            Timings timings = Result.timings(service);
            Timings floorTimings = Result.timings(floor);
            double seconds = service.stream().mapToDouble(Result::seconds).sum();
            double own = service.stream()
                    .mapToLong(each -> each.used().client().total())
                    .sum();
            rows.add(List.of(
                    Integer.toString(clients),
                    String.format(Locale.ROOT, "%,.0f", rate),
                    String.format(Locale.ROOT, "%,.0f", Result.perSecond(floor)),
                    String.format(Locale.ROOT, "%.2f", rate / Result.perSecond(floor)),
                    String.format(Locale.ROOT, "%,.0f", groupedRate),
                    String.format(Locale.ROOT, "%.2f", rate / groupedRate),
                    String.format(Locale.ROOT, "%,.0f", Result.perSecond(trips)),
                    timings.p50(),
                    timings.p99(),
                    floorTimings.p50(),
                    floorTimings.p99(),
                    Result.timings(grouped).p50(),
                    Result.timings(grouped).p99(),
                    Result.perSync(service, each -> each.server().user()) + " + "
                            + Result.perSync(service, each -> each.server().system()),
                    Result.perSync(service, each -> each.broker().total()),
                    Result.perSync(service, each -> each.database().total()),
                    Result.perSync(service, Usage::commits),
                    Result.perSync(service, Usage::logSyncs) + " / " + Result.perSync(floor, Usage::logSyncs),
                    kibibytes(service) + " / " + Result.perSync(service, Usage::pageImages),
                    String.format(Locale.ROOT, "%.0f %%", own / seconds / 10 / Machine.processors()),
                    Long.toString(Result.refused(service)),
                    all(service) + " / " + all(floor) + " / " + all(grouped, inGroup(clients)) + " / " + all(trips)));
        }
        bench.report()
                .table(
                        List.of(
                                "clients",
                                "syncs/s",
                                "rows: floor/s",
                                "of it",
                                "grouped rows/s",
                                "of them",
                                "broker round trips/s",
                                "p50 ms",
                                "p99 ms",
                                "rows p50",
                                "p99",
                                "grouped rows p50",
                                "p99",
                                "server CPU ms/sync (user + system)",
                                "broker CPU ms/sync",
                                "database CPU ms/sync",
                                "commits/sync",
                                "log syncs/sync / floor",
                                "log KiB/sync / full-page images/sync",
                                "CPU of the clients",
                                "refused",
                                "all rounds / rows / grouped rows / round trips"),
                        rows);
        bench.report()
                .line("Broker: " + bench.options().broker() + ". Rates are medians of "
                        + bench.options().rounds()
                        + " rounds, service and floors in turns; the rest is of all rounds. The clients are threads with plain"
                        + " sockets in one process; their share is that of all processors, which they take from the service."
                        + " Answers that were not 200: " + users.refusals()
                        + ". Verified: codes, numbers and cards of all stored books.");
    }

    private List<Result> of(int clients, What what) {
        return turns.stream()
                .filter(turn -> turn.clients() == clients && turn.what() == what)
                .map(Turn::result)
                .toList();
    }

    private static String all(List<Result> results) {
        return all(results, 1);
    }

    private static String all(List<Result> results, int each) {
        return String.join(
                " ",
                results.stream()
                        .map(result -> String.format(Locale.ROOT, "%.0f", result.perSecond() * each))
                        .toList());
    }

    private static String kibibytes(List<Result> results) {
        long bytes = results.stream().mapToLong(each -> each.used().logBytes()).sum();
        return String.format(
                Locale.ROOT,
                "%.1f",
                bytes / 1024.0 / Math.max(1, Result.timings(results).count()));
    }

    /** Changes in a transaction of the second floor, when all clients take part. */
    private int inGroup(int clients) {
        int most = Math.min(MOST_IN_GROUP, bench.options().users() / GROUPS);
        return Math.max(1, Math.min(most, (clients + GROUPS - 1) / GROUPS));
    }

    private List<Writer> writers(Users users, int count, int round) {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long seed = bench.options().seed() * 1_000_000 + round * 10_000L + count * 200L + i;
            writers.add(new Writer(
                    new PlainJdbc(bench.postgres()), Users.every(users.books(), i, count), users.cards(), seed));
        }
        return writers;
    }

    private List<GroupedJdbc> groupedWriters(Users users, int clients, int round) {
        List<GroupedJdbc> writers = new ArrayList<>();
        int count = Math.min(GROUPS, clients);
        for (int i = 0; i < count; i++) {
            long seed = bench.options().seed() * 1_000_000 + round * 10_000L + clients * 200L + 190 + i;
            writers.add(new GroupedJdbc(
                    bench.postgres(), Users.every(users.books(), i, count), users.cards(), inGroup(clients), seed));
        }
        return writers;
    }

    private static List<BrokerFloor.Client> roundTrips(BrokerFloor floor, int count) {
        return IntStream.range(0, count).mapToObj(i -> floor.client()).toList();
    }
}
