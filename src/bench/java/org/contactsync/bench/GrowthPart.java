package org.contactsync.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a change, a question and a refusal grow: with the contacts of the book, and with the users whose books are in the database. One
 * client on one connection, no pause between requests; the sizes take turns request by request, so that their ratio is of one run.
 */
final class GrowthPart {
    private static final int SALT = 15;

    /** Users of each database whose books are measured, in turns. */
    private static final int MEASURED = 20;

    private final Bench bench;
    private final Refusals refusals = new Refusals();

    GrowthPart(Bench bench) {
        this.bench = bench;
    }

    /** What is measured; each turn does it in this order. */
    private enum What {
        CHANGE("change of one contact"),
        QUESTION("HEAD, nothing changed"),
        REFUSAL("412 with " + Device.MISSED + " missed changes");

        private final String text;

        What(String text) {
            this.text = text;
        }
    }

    /** The books of one size, with the timings of each round. */
    private final class Sized implements AutoCloseable {
        private final int size;
        private final Bench of;
        private final List<Device> devices;
        private final Wire wire;
        private final Map<What, List<Timings>> rounds = new EnumMap<>(What.class);
        private int next;

        Sized(int size, Bench of, List<Device> devices) throws IOException {
            this.size = size;
            this.of = of;
            this.devices = devices;
            wire = of.wire();
            for (What what : What.values()) {
                rounds.put(what, new ArrayList<>());
            }
            // The code before the first change is one that the service has never told.
            for (int i = 0; i <= Device.MISSED; i++) {
                for (Device device : devices) {
                    change(device);
                }
            }
        }

        void beginRound() {
            rounds.values().forEach(timings -> timings.add(new Timings()));
        }

        void turn(boolean counted) throws IOException {
            Device device = devices.get(next++ % devices.size());
            long start = System.nanoTime();
            change(device);
            long changed = System.nanoTime();
            device.ask(wire);
            long asked = System.nanoTime();
            Wire.Reply refusal = device.late(wire);
            long refused = System.nanoTime();
            device.requireMissed(refusal);
            if (counted) {
                add(What.CHANGE, changed - start);
                add(What.QUESTION, asked - changed);
                add(What.REFUSAL, refused - asked);
            }
        }

        private void change(Device device) throws IOException {
            if (!device.change(wire, refusals)) {
                throw new IllegalStateException("a change of the only client was refused: " + refusals);
            }
        }

        private void add(What what, long nanos) {
            List<Timings> all = rounds(what);
            all.get(all.size() - 1).add(nanos);
        }

        private List<Timings> rounds(What what) {
            return rounds.getOrDefault(what, List.of());
        }

        List<String> row(What what, Sized smallest) {
            Timings all = Timings.of(rounds(what));
            Timings least = Timings.of(smallest.rounds(what));
            return List.of(
                    what.text,
                    String.format(Locale.ROOT, "%,d", size),
                    all.p50(),
                    all.p99(),
                    ratio(all, least, 50) + ", " + ratio(all, least, 99),
                    String.join(" ", rounds(what).stream().map(Timings::p50).toList()),
                    String.join(" ", rounds(what).stream().map(Timings::p99).toList()),
                    Integer.toString(all.count()));
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    void run() {
        books();
        users();
    }

    private void books() {
        bench.report().heading("Growth with the contacts of the book, one client");
        List<Integer> sizes = ascending(bench.options().books());
        // Once for all, so that all books have the same contacts.
        bench.cards(sizes.get(sizes.size() - 1));
        List<Sized> books = new ArrayList<>();
        try {
            for (int size : sizes) {
                bench.report().progress("filling a book of " + size);
                books.add(new Sized(size, bench, List.of(bench.device(bench.fill("growth", SALT, size)))));
            }
            bench.postgres().execute(List.of("vacuum (analyze)"));
            measure("contacts", books);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            books.forEach(Sized::close);
        }
    }

    /** Each number of users has a database and a service of its own: books cannot come and go within one. */
    private void users() {
        Options options = bench.options();
        bench.report()
                .heading(String.format(
                        Locale.ROOT,
                        "Growth with the users in the database, one client, books of %,d",
                        options.userBook()));
        bench.report()
                .line(MEASURED + " users are measured in turns; the books of all others have " + CopiedBooks.CONTACTS
                        + " contacts.");
        bench.report().line("");
        bench.stopServer();
        List<Bench> benches = new ArrayList<>();
        List<Sized> sized = new ArrayList<>();
        try {
            for (int count : ascending(options.growthUsers())) {
                Bench of = new Bench(options, bench.directory().resolve("growth-" + count), bench.report());
                benches.add(of);
                Users users = new Users(of, "growth", SALT, MEASURED);
                bench.report().progress("copying the books of " + (count - MEASURED) + " users");
                new CopiedBooks(of).write(count - MEASURED);
                sized.add(new Sized(count, of, users.devices()));
            }
            measure("users", sized);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            sized.forEach(Sized::close);
            benches.forEach(Bench::close);
        }
    }

    private void measure(String unit, List<Sized> all) throws IOException {
        Options options = bench.options();
        bench.report().progress("warming up");
        long warm = Bench.deadline(options.warmup());
        while (System.nanoTime() < warm) {
            for (Sized each : all) {
                each.turn(false);
            }
        }
        for (int round = 0; round < options.rounds(); round++) {
            all.stream()
                    .map(each -> each.of)
                    .distinct()
                    .forEach(each -> each.postgres().checkpoint());
            all.forEach(Sized::beginRound);
            long end = Bench.deadline(options.seconds().multipliedBy(all.size()));
            while (System.nanoTime() < end) {
                for (Sized each : all) {
                    each.turn(true);
                }
            }
        }
        all.forEach(each -> each.of.verify(each.devices));
        print(unit, all);
    }

    private void print(String unit, List<Sized> all) {
        bench.report()
                .table(
                        List.of(
                                "what",
                                unit,
                                "p50 ms",
                                "p99 ms",
                                "times the smallest: p50, p99",
                                "p50 of each round",
                                "p99 of each round",
                                "number"),
                        Stream.of(What.values())
                                .flatMap(what -> all.stream().map(each -> each.row(what, all.get(0))))
                                .toList());
        bench.report()
                .line("The sizes take turns request by request; each round begins with a checkpoint and takes "
                        + bench.options().seconds().toSeconds()
                        + " s for each size. Verified: the check code and the cards of every refusal; codes, numbers and cards of"
                        + " the measured books.");
    }

    private static String ratio(Timings all, Timings least, double percent) {
        return String.format(Locale.ROOT, "%.2f", all.millis(percent) / least.millis(percent));
    }

    private static List<Integer> ascending(List<Integer> sizes) {
        return sizes.stream().sorted().toList();
    }
}
