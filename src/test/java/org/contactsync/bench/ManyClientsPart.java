package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.contactsync.bench.Load.Result;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * Many clients change one contact at a time, each in the books of its own users; floor: the same rows by plain JDBC with as
 * many connections. Service and floor take turns.
 */
final class ManyClientsPart {
    private static final int POOL = 20_000;
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Bench bench;
    private final StoredBooks books;
    private final MadeCards cards;

    ManyClientsPart(Bench bench) {
        this.bench = bench;
        books = bench.books(4);
        cards = bench.cards(POOL);
    }

    private record Turn(int clients, boolean floor, Result result) {}

    /** A client with its connection; its users take turns. */
    private static final class Client implements Load.Worker {
        private final Wire wire;
        private final List<Device> devices;
        private int next;

        Client(Wire wire, List<Device> devices) {
            this.wire = wire;
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

    /** The floor of a client. */
    private final class Writer implements Load.Worker {
        private final PlainJdbc jdbc;
        private final List<Filled> users;
        private final SplittableRandom random;
        private int next;

        Writer(PlainJdbc jdbc, List<Filled> users, long seed) {
            this.jdbc = jdbc;
            this.users = users;
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
        List<Filled> filled = fill();
        List<Device> devices = filled.stream()
                .map(book -> new Device(book, cards, bench.authorization(book.user()), options.seed() + book.id()))
                .toList();
        report.progress("warming up");
        int usual = options.clients().get(options.clients().size() / 2);
        Load.run(clients(devices, usual), options.warmup(), Duration.ZERO, bench::usage);
        List<Turn> turns = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (int clients : options.clients()) {
                turns.add(service(devices, clients, round));
                turns.add(new Turn(
                        clients,
                        true,
                        Load.run(writers(filled, clients, round), SETTLE, options.seconds(), bench::usage)));
                report.progress(clients + " clients: " + rates(turns, clients, false) + " / floor "
                        + rates(turns, clients, true));
            }
        }
        verify(devices);
        print(turns);
    }

    private Turn service(List<Device> devices, int clients, int round) {
        bench.postgres().checkpoint();
        Duration seconds = bench.options().seconds();
        Result result = round > 0
                ? Load.run(clients(devices, clients), SETTLE, seconds, bench::usage)
                : bench.profiled(
                        "throughput-" + clients,
                        () -> Load.run(clients(devices, clients), SETTLE, seconds, bench::usage));
        return new Turn(clients, false, result);
    }

    private void print(List<Turn> turns) {
        List<List<String>> rows = new ArrayList<>();
        for (int clients : bench.options().clients()) {
            List<Result> service = of(turns, clients, false);
            List<Result> floor = of(turns, clients, true);
            double rate = rate(service);
            Timings timings = Timings.of(service.stream().map(Result::timings).toList());
            Timings floorTimings =
                    Timings.of(floor.stream().map(Result::timings).toList());
            double count = timings.count();
            double seconds = service.stream().mapToDouble(Result::seconds).sum();
            double own = service.stream()
                    .mapToLong(each -> each.used().client().total())
                    .sum();
            rows.add(List.of(
                    Integer.toString(clients),
                    String.format(Locale.ROOT, "%,.0f", rate),
                    String.format(Locale.ROOT, "%,.0f", rate(floor)),
                    String.format(Locale.ROOT, "%.2f", rate / rate(floor)),
                    timings.p50(),
                    timings.p99(),
                    floorTimings.p50(),
                    floorTimings.p99(),
                    perSync(
                                    service.stream()
                                            .mapToLong(
                                                    each -> each.used().server().user())
                                            .sum(),
                                    count)
                            + " + "
                            + perSync(
                                    service.stream()
                                            .mapToLong(
                                                    each -> each.used().server().system())
                                            .sum(),
                                    count),
                    perSync(
                            service.stream()
                                    .mapToLong(each -> each.used().database().total())
                                    .sum(),
                            count),
                    perSync(
                            service.stream()
                                    .mapToLong(each -> each.used().commits())
                                    .sum(),
                            count),
                    perSync(
                                    service.stream()
                                            .mapToLong(each -> each.used().logSyncs())
                                            .sum(),
                                    count) + " / "
                            + perSync(
                                    floor.stream()
                                            .mapToLong(each -> each.used().logSyncs())
                                            .sum(),
                                    floorTimings.count()),
                    String.format(Locale.ROOT, "%.0f %%", own / seconds / 10 / Machine.processors()),
                    Long.toString(service.stream().mapToLong(Result::refused).sum()),
                    all(service) + " / " + all(floor)));
        }
        bench.report()
                .table(
                        List.of(
                                "clients",
                                "syncs/s",
                                "floor/s",
                                "of the floor",
                                "p50 ms",
                                "p99 ms",
                                "floor p50",
                                "p99",
                                "server CPU ms/sync (user + system)",
                                "database CPU ms/sync",
                                "commits/sync",
                                "log syncs/sync / floor",
                                "CPU of the clients",
                                "refused",
                                "all rounds / floors"),
                        rows);
        bench.report()
                .line("Rates are medians of " + bench.options().rounds()
                        + " rounds, service and floor in turns; the rest is of all rounds. The clients are threads with plain"
                        + " sockets in one process; their share is that of all processors, which they take from the service."
                        + " Verified: codes, numbers and cards of all stored books.");
    }

    private static String perSync(double sum, double count) {
        return String.format(Locale.ROOT, "%.2f", sum / Math.max(1, count));
    }

    private static List<Result> of(List<Turn> turns, int clients, boolean floor) {
        return turns.stream()
                .filter(turn -> turn.clients() == clients && turn.floor() == floor)
                .map(Turn::result)
                .toList();
    }

    private static double rate(List<Result> results) {
        return Timings.median(results.stream().map(Result::perSecond).toList());
    }

    private static String rates(List<Turn> turns, int clients, boolean floor) {
        return all(of(turns, clients, floor));
    }

    private static String all(List<Result> results) {
        return String.join(
                " ",
                results.stream()
                        .map(each -> String.format(Locale.ROOT, "%.0f", each.perSecond()))
                        .toList());
    }

    private List<Client> clients(List<Device> devices, int count) {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(new Client(bench.wire(), every(devices, i, count)));
        }
        return clients;
    }

    private List<Writer> writers(List<Filled> users, int count, int round) {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long seed = bench.options().seed() * 1_000_000 + round * 10_000L + count * 200L + i;
            writers.add(new Writer(new PlainJdbc(bench.postgres()), every(users, i, count), seed));
        }
        return writers;
    }

    /** A client's own: no two clients have the same user. */
    private static <T> List<T> every(List<T> all, int first, int step) {
        List<T> own = new ArrayList<>();
        for (int i = first; i < all.size(); i += step) {
            own.add(all.get(i));
        }
        return own;
    }

    private List<Filled> fill() {
        Options options = bench.options();
        bench.report().progress("filling " + options.users() + " books");
        List<Filled> filled = new ArrayList<>();
        try (Connection connection = bench.postgres().connect()) {
            for (int i = 0; i < options.users(); i++) {
                int first = (int) ((long) i * options.userBook() % (cards.size() - options.userBook()));
                filled.add(books.fill(connection, Bench.newUser("many"), cards, first, options.userBook()));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        String ids =
                String.join(",", filled.stream().map(each -> "" + each.id()).toList());
        bench.postgres().execute(PlainJdbc.TABLES);
        bench.postgres().execute(PlainJdbc.copiesOf(ids));
        return filled;
    }

    private void verify(List<Device> devices) {
        bench.report().progress("comparing all books");
        try (Connection connection = bench.postgres().connect()) {
            for (Device device : devices) {
                device.verify(connection, books);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
