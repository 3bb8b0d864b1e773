package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * One client on one connection, no pause between requests: changes of one contact in books of several sizes, and the question
 * whether anything is different. Figures and floors take turns request by request.
 */
final class OneClientPart {
    private final Bench bench;
    private final Refusals refusals = new Refusals();

    OneClientPart(Bench bench) {
        this.bench = bench;
    }

    /** A book with the timings of its changes and of the floor of those. */
    private record Measured(Filled book, Device device, Timings changes, Timings floor) {}

    /** Changes of one contact; floor: the same statements in one JDBC transaction, and a round trip through a broker. */
    void changes() {
        Report report = bench.report();
        report.heading("Change of one contact, one client");
        bench.server();
        List<Measured> measured = fill();
        Timings broker = new Timings();
        SplittableRandom random = new SplittableRandom(bench.options().seed());
        try (Wire wire = bench.wire();
                BrokerFloor through = BrokerFloor.inside(1);
                PlainJdbc jdbc = new PlainJdbc(bench.postgres())) {
            BrokerFloor.Client echo = through.client();
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            while (System.nanoTime() < warm) {
                round(measured, wire, jdbc, echo, random, new Timings(), false);
            }
            bench.profiled("patch", () -> {
                long end = Bench.deadline(
                        bench.options().seconds().multipliedBy(bench.options().rounds()));
                while (System.nanoTime() < end) {
                    round(measured, wire, jdbc, echo, random, broker, true);
                }
                return measured;
            });
        }
        verify(measured);
        List<List<String>> rows = new ArrayList<>();
        for (Measured each : measured) {
            double floor = each.floor().millis(50) + broker.millis(50);
            rows.add(List.of(
                    String.format(Locale.ROOT, "%,d", each.book().size()),
                    each.changes().p50(),
                    each.changes().p99(),
                    each.floor().p50(),
                    each.floor().p99(),
                    broker.p50(),
                    String.format(Locale.ROOT, "%.2f", each.changes().millis(50) / floor),
                    Integer.toString(each.changes().count())));
        }
        report.table(
                List.of(
                        "contacts",
                        "p50 ms",
                        "p99 ms",
                        "statements p50",
                        "p99",
                        "broker p50",
                        "times the floor (p50)",
                        "number"),
                rows);
        report.line(
                "Figure, JDBC transaction and broker round trip take turns request by request. Verified: codes, numbers and"
                        + " cards of the stored books.");
    }

    /** {@code HEAD /v1/book} with the code of the book; floor: an answer that needs neither token nor database. */
    void questions() {
        Report report = bench.report();
        report.heading("HEAD /v1/book, nothing changed, one client");
        bench.server();
        Timings figure = new Timings();
        Timings floor = new Timings();
        Device device = device(fill(bench.books(3), 1_000));
        try (Wire wire = bench.wire()) {
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            while (System.nanoTime() < warm) {
                question(device, wire, new Timings(), new Timings());
            }
            bench.profiled("head", () -> {
                long end = Bench.deadline(
                        bench.options().seconds().multipliedBy(bench.options().rounds()));
                while (System.nanoTime() < end) {
                    question(device, wire, figure, floor);
                }
                return figure;
            });
        }
        report.table(
                List.of("p50 ms", "p99 ms", "GET /v1/capabilities p50", "p99", "times the floor (p50)", "number"),
                List.of(List.of(
                        figure.p50(),
                        figure.p99(),
                        floor.p50(),
                        floor.p99(),
                        String.format(Locale.ROOT, "%.2f", figure.millis(50) / floor.millis(50)),
                        Integer.toString(figure.count()))));
    }

    private void round(
            List<Measured> measured,
            Wire wire,
            PlainJdbc jdbc,
            BrokerFloor.Client echo,
            SplittableRandom random,
            Timings broker,
            boolean counted) {
        try {
            for (Measured each : measured) {
                int number = random.nextInt(each.book().size());
                MadeCards cards = bench.cards(each.book().size());
                long start = System.nanoTime();
                boolean done = each.device().change(wire, refusals);
                long changed = System.nanoTime();
                if (!done) {
                    throw new IllegalStateException("a change of the only client was refused: " + refusals);
                }
                UUID task = new UUID(random.nextLong(), random.nextLong());
                String owner = StoredBooks.owner(each.book().user()).key();
                long floor = System.nanoTime();
                jdbc.change(owner, cards.uid(number), cards.card(number, random.nextInt(90_000)), task);
                long written = System.nanoTime();
                echo.once();
                long echoed = System.nanoTime();
                if (counted) {
                    each.changes().add(changed - start);
                    each.floor().add(written - floor);
                    broker.add(echoed - written);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalStateException("a round failed", e);
        }
    }

    private static void question(Device device, Wire wire, Timings figure, Timings floor) {
        try {
            long start = System.nanoTime();
            device.ask(wire);
            long asked = System.nanoTime();
            wire.send("GET", "/v1/capabilities", "").require(200);
            figure.add(asked - start);
            floor.add(System.nanoTime() - asked);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Measured> fill() {
        StoredBooks books = bench.books(2);
        List<Integer> sizes = bench.options().books();
        bench.cards(sizes.stream().max(Integer::compare).orElseThrow());
        List<Measured> measured = new ArrayList<>();
        for (int size : sizes) {
            bench.report().progress("filling a book of " + size);
            Filled book = fill(books, size);
            measured.add(new Measured(book, device(book), new Timings(), new Timings()));
        }
        PlainJdbc.copy(bench.postgres(), measured.stream().map(Measured::book).toList());
        bench.postgres().checkpoint();
        return measured;
    }

    private Filled fill(StoredBooks books, int size) {
        try (Connection connection = bench.postgres().connect()) {
            return books.fill(connection, Bench.newUser("one"), bench.cards(size), 0, size);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Device device(Filled book) {
        return new Device(
                book,
                bench.cards(book.size()),
                bench.authorization(book.user()),
                bench.options().seed());
    }

    private void verify(List<Measured> measured) {
        try (Connection connection = bench.postgres().connect()) {
            for (Measured each : measured) {
                each.device().verify(connection, bench.books(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
