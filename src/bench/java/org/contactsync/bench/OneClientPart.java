package org.contactsync.bench;

import java.io.IOException;
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

    /** A book with the timings of its changes and of the floors of those. */
    private record Measured(Filled book, Device device, Timings changes, Timings statements, Timings least) {
        static Measured of(Filled book, Device device) {
            return new Measured(book, device, new Timings(), new Timings(), new Timings());
        }
    }

    /**
     * What the changes are compared with.
     *
     * @param least its books take turns in the order of the measured ones
     */
    private record Floors(PlainJdbc statements, GroupedJdbc least, BrokerFloor.Client echo, Timings broker) {}

    /**
     * Changes of one contact. Floors: a statement for each step in one JDBC transaction, and a round trip through a broker; as few statements
     * as there can be, one that locks and reads and one that writes everything, and the commit.
     */
    void changes() {
        Report report = bench.report();
        report.heading("Change of one contact, one client");
        bench.server();
        List<Measured> measured = fill();
        Timings broker = new Timings();
        List<Filled> books = measured.stream().map(Measured::book).toList();
        SplittableRandom random = new SplittableRandom(bench.options().seed());
        try (Wire wire = bench.wire();
                BrokerFloor through = BrokerFloor.inside(1);
                PlainJdbc statements = new PlainJdbc(bench.postgres());
                GroupedJdbc least = new GroupedJdbc(bench.postgres(), books, cards(), 1, random.nextLong())) {
            Floors floors = new Floors(statements, least, through.client(), broker);
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            while (System.nanoTime() < warm) {
                round(measured, wire, floors, random, false);
            }
            bench.profiled("patch", () -> {
                long end = Bench.deadline(
                        bench.options().seconds().multipliedBy(bench.options().rounds()));
                while (System.nanoTime() < end) {
                    round(measured, wire, floors, random, true);
                }
                return measured;
            });
        }
        bench.verify(measured.stream().map(Measured::device).toList());
        List<List<String>> rows = new ArrayList<>();
        for (Measured each : measured) {
            double floor = each.statements().millis(50) + broker.millis(50);
            double p50 = each.changes().millis(50);
            rows.add(List.of(
                    String.format(Locale.ROOT, "%,d", each.book().size()),
                    each.changes().p50(),
                    each.changes().p99(),
                    String.format(Locale.ROOT, "%.1f", each.changes().millis(99) / p50),
                    each.least().p50(),
                    each.least().p99(),
                    String.format(Locale.ROOT, "%.2f", p50 / each.least().millis(50)),
                    each.statements().p50(),
                    each.statements().p99(),
                    broker.p50(),
                    String.format(Locale.ROOT, "%.2f", p50 / floor),
                    Integer.toString(each.changes().count())));
        }
        report.table(
                List.of(
                        "contacts",
                        "p50 ms",
                        "p99 ms",
                        "p99 / p50",
                        "two round trips and a commit p50",
                        "p99",
                        "times these (p50)",
                        "statements p50",
                        "p99",
                        "broker p50",
                        "times statements and broker (p50)",
                        "number"),
                rows);
        report.line(
                "Figure, JDBC transactions and broker round trip take turns request by request. Two round trips: a statement that locks and"
                        + " reads, and one that writes everything. Verified: codes, numbers and cards of the stored books.");
    }

    /** {@code HEAD /v1/book} with the code of the book; floor: an answer that needs neither token nor database. */
    void questions() {
        Report report = bench.report();
        report.heading("HEAD /v1/book, nothing changed, one client");
        bench.server();
        Timings figure = new Timings();
        Timings floor = new Timings();
        Device device = bench.device(bench.fill("one", 3, 1_000));
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

    private void round(List<Measured> measured, Wire wire, Floors floors, SplittableRandom random, boolean counted) {
        try {
            for (Measured each : measured) {
                int number = random.nextInt(each.book().size());
                MadeCards cards = cards();
                long start = System.nanoTime();
                boolean done = each.device().change(wire, refusals);
                long changed = System.nanoTime();
                if (!done) {
                    throw new IllegalStateException("a change of the only client was refused: " + refusals);
                }
                UUID task = new UUID(random.nextLong(), random.nextLong());
                String owner = StoredBooks.owner(each.book().user()).key();
                long floor = System.nanoTime();
                floors.statements().change(owner, cards.uid(number), cards.card(number, random.nextInt(90_000)), task);
                long written = System.nanoTime();
                floors.echo().once();
                long echoed = System.nanoTime();
                floors.least().once();
                long grouped = System.nanoTime();
                if (counted) {
                    each.changes().add(changed - start);
                    each.statements().add(written - floor);
                    floors.broker().add(echoed - written);
                    each.least().add(grouped - echoed);
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
        // Once for all, so that all books have the same contacts.
        cards();
        List<Measured> measured = new ArrayList<>();
        for (int size : bench.options().books()) {
            bench.report().progress("filling a book of " + size);
            Filled book = bench.fill("one", 2, size);
            measured.add(Measured.of(book, bench.device(book)));
        }
        PlainJdbc.copy(bench.postgres(), measured.stream().map(Measured::book).toList());
        bench.postgres().checkpoint();
        return measured;
    }

    /** As many as the largest book has. */
    private MadeCards cards() {
        return bench.cards(
                bench.options().books().stream().max(Integer::compare).orElseThrow());
    }
}
