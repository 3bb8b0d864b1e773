package org.contactsync.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.contactsync.bench.StoredBooks.Filled;

/**
 * How soon a listener is told of a change, with one listener of each of many users. Floor: the same bytes, written by this process to as
 * many plain sockets.
 */
final class EventsPart {
    private static final List<Integer> LISTENERS = List.of(1, 100, 1_000);
    private static final int CONTACTS = 20;
    /** An event of one book waits until the one before it is so old. */
    private static final long WINDOW_MILLIS = 300;

    private static final byte[] EVENT =
            ("id: 12345\nevent: book\ndata: {\"seq\":12345,\"checkCode\":\"ck1.Rifz1mVMFUCQXXs7He9VyyII4As7hr3I1kp8Pzf8vVk\"}\n\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private final Bench bench;
    private final Refusals refusals = new Refusals();
    private final List<Filled> books = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();

    EventsPart(Bench bench) {
        this.bench = bench;
    }

    void run() {
        Report report = bench.report();
        report.heading("Events: one listener of each user");
        bench.server();
        int most = LISTENERS.stream().max(Integer::compare).orElseThrow();
        report.progress("filling " + most + " books");
        for (int i = 0; i < most; i++) {
            Filled book = bench.fill("events", 12 + i, CONTACTS);
            books.add(book);
            devices.add(new Device(
                    book,
                    bench.cards(CONTACTS),
                    bench.authorization(book.user()),
                    bench.options().seed() + i));
        }
        List<List<String>> rows = new ArrayList<>();
        try (Wire wire = bench.wire()) {
            report.progress("warming up");
            long warm = Bench.deadline(bench.options().warmup());
            try (Ears ears = new Ears()) {
                listen(ears, 50);
                for (int i = 0; System.nanoTime() < warm; i++) {
                    measure(ears, i % 50, wire, new Timings(), new Timings());
                    pause(5);
                }
            }
            for (int listeners : LISTENERS) {
                rows.add(row(listeners, wire));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        report.table(
                List.of(
                        "listeners",
                        "from the request p50, p99 ms",
                        "its answer p50",
                        "from the answer p50, p99",
                        "plain sockets p50, p99",
                        "number"),
                rows);
        report.line(
                "One user after the other changes a contact; below zero: the event came before the answer. Verified: each listener was"
                        + " told its own user's seq.");
    }

    private List<String> row(int listeners, Wire wire) throws IOException {
        Timings told = new Timings();
        Timings answered = new Timings();
        List<Long> after = new ArrayList<>();
        try (Ears ears = new Ears()) {
            listen(ears, listeners);
            long end = Bench.deadline(bench.options().seconds());
            for (int i = 0; System.nanoTime() < end; i++) {
                after.add(measure(ears, i % listeners, wire, told, answered));
                pause(Math.max(2, WINDOW_MILLIS / listeners));
            }
        }
        after.sort(Long::compare);
        Timings floor = floor(listeners);
        return List.of(
                String.format(Locale.ROOT, "%,d", listeners),
                told.p50() + ", " + told.p99(),
                answered.p50(),
                Timings.ms(after.get(after.size() / 2) / 1e6) + ", "
                        + Timings.ms(after.get(after.size() * 99 / 100) / 1e6),
                floor.p50() + ", " + floor.p99(),
                Integer.toString(told.count()));
    }

    /** One change; nanoseconds from its answer to the event. */
    private long measure(Ears ears, int user, Wire wire, Timings told, Timings answered) throws IOException {
        ears.expect(user);
        long begin = System.nanoTime();
        devices.get(user).change(wire, refusals);
        long answer = System.nanoTime();
        long heard = ears.await();
        told.add(heard - begin);
        answered.add(answer - begin);
        return heard - answer;
    }

    private void listen(Ears ears, int number) throws IOException {
        for (int i = 0; i < number; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(
                    InetAddress.getByName("localhost"), bench.server().port()));
            String request = "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n"
                    + bench.authorization(books.get(i).user()) + "\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            ears.expect(i);
            ears.add(channel, i);
            ears.await();
        }
        // What was sent to begin with has come.
        pause(500);
    }

    private Timings floor(int listeners) throws IOException {
        Timings floor = new Timings();
        List<SocketChannel> writing = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open();
                Ears ears = new Ears()) {
            server.bind(new InetSocketAddress(InetAddress.getByName("localhost"), 0), listeners);
            for (int i = 0; i < listeners; i++) {
                ears.add(SocketChannel.open(server.getLocalAddress()), i);
                writing.add(server.accept());
            }
            long end = Bench.deadline(bench.options().seconds().dividedBy(4));
            for (int i = 0; System.nanoTime() < end; i++) {
                ears.expect(i % listeners);
                long begin = System.nanoTime();
                writing.get(i % listeners).write(ByteBuffer.wrap(EVENT));
                floor.add(ears.await() - begin);
                pause(2);
            }
        } finally {
            for (SocketChannel each : writing) {
                each.close();
            }
        }
        return floor;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
