package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.bench.Load.Result;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.it.LibertyServer;

/** The service on its embedded defaults, with H2: many clients change one contact at a time. */
final class EmbeddedPart {
    private static final int LEAST_USERS = 100;
    private static final long NO_ID = 0;

    private final Bench bench;
    private final Refusals refusals = new Refusals();

    EmbeddedPart(Bench bench) {
        this.bench = bench;
    }

    /** A turn of so many clients. */
    private record Turn(int clients, Result result) {}

    void run() {
        Options options = bench.options();
        int size = options.userBook();
        int most = options.clients().stream().mapToInt(Integer::intValue).max().orElseThrow();
        int users = Math.max(LEAST_USERS, most);
        MadeCards cards = bench.cards(2 * size);
        bench.report()
                .heading(String.format(
                        Locale.ROOT,
                        "Embedded defaults (H2): changes of one contact, %d users, books of %d",
                        users,
                        size));
        bench.stopServer();
        try (LibertyServer server = bench.measured(bench.serverIn("h2").with("DB_KIND", "h2"))) {
            server.start();
            List<Device> devices = fill(server, cards, users, size);
            bench.report().progress("warming up");
            measure(server, devices, most, options.warmup());
            List<Turn> turns = new ArrayList<>();
            for (int round = 0; round < options.rounds(); round++) {
                for (int clients : options.clients()) {
                    turns.add(new Turn(clients, measure(server, devices, clients, options.seconds())));
                    bench.report().progress(clients + " clients: " + rates(turns, clients));
                }
            }
            try (Wire wire = new Wire(server.port())) {
                for (Device device : devices) {
                    device.verify(wire);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            print(turns);
        }
    }

    private List<Device> fill(LibertyServer server, MadeCards cards, int users, int size) {
        List<Device> devices = new ArrayList<>();
        try (Wire wire = new Wire(server.port())) {
            for (int i = 0; i < users; i++) {
                String user = Bench.newUser("h2");
                String authorization = "Authorization: Bearer " + server.developmentToken(user) + "\r\n";
                int first = i * size / users;
                CheckCode code = put(wire, authorization, cards, first, size);
                Filled book = new Filled(NO_ID, user, CheckKey.of(new byte[CheckKey.BYTES]), code, first, size);
                devices.add(
                        new Device(book, cards, authorization, bench.options().seed() + i));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return devices;
    }

    /** All contacts of a new book, in one request. */
    private static CheckCode put(Wire wire, String authorization, MadeCards cards, int first, int size)
            throws IOException {
        Wire.Reply empty = wire.send("GET", "/v1/book", authorization).require(200);
        List<String> changes = IntStream.range(first, first + size)
                .mapToObj(number ->
                        "{\"op\":\"put\",\"uid\":\"" + cards.uid(number).value() + "\",\"card\":"
                                + new String(cards.card(number, 0).utf8(), StandardCharsets.UTF_8) + "}")
                .toList();
        Wire.Reply reply = wire.send(
                        "PATCH",
                        "/v1/book/contacts",
                        authorization + "Content-Type: application/json\r\nIf-Match: \""
                                + empty.tag().orElseThrow() + "\"\r\nIdempotency-Key: \"" + UUID.randomUUID()
                                + "\"\r\n",
                        ("{\"changes\":[" + String.join(",", changes) + "]}").getBytes(StandardCharsets.UTF_8))
                .require(200);
        return new CheckCode(reply.tag().orElseThrow());
    }

    private Result measure(LibertyServer server, List<Device> devices, int clients, Duration window) {
        List<Users.Client> workers = IntStream.range(0, clients)
                .mapToObj(i -> new Users.Client(new Wire(server.port()), Users.every(devices, i, clients), refusals))
                .toList();
        return Load.run(workers, ManyClientsPart.SETTLE, window, () -> Usage.ofServer(server.pid()));
    }

    private void print(List<Turn> turns) {
        List<List<String>> rows = new ArrayList<>();
        for (int clients : bench.options().clients()) {
            List<Result> results = of(turns, clients);
            Timings timings = Result.timings(results);
            rows.add(List.of(
                    Integer.toString(clients),
                    String.format(Locale.ROOT, "%,.0f", Result.perSecond(results)),
                    timings.p50(),
                    timings.p99(),
                    Result.perSync(results, used -> used.server().total()),
                    rates(turns, clients)));
        }
        bench.report()
                .table(
                        List.of(
                                "clients",
                                "syncs/s",
                                "p50 ms",
                                "p99 ms",
                                "server CPU ms/sync, database included",
                                "all rounds"),
                        rows);
        bench.report()
                .line("Answers that were not 200: " + refusals
                        + ". Verified over HTTP: the code of each book, and all acknowledged cards.");
    }

    private static List<Result> of(List<Turn> turns, int clients) {
        return turns.stream()
                .filter(turn -> turn.clients() == clients)
                .map(Turn::result)
                .toList();
    }

    private static String rates(List<Turn> turns, int clients) {
        return String.join(
                " ",
                of(turns, clients).stream()
                        .map(each -> String.format(Locale.ROOT, "%.0f", each.perSecond()))
                        .toList());
    }
}
