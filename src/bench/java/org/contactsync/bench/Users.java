package org.contactsync.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.contactsync.bench.StoredBooks.Filled;

/** Users with a filled book and one device each, and the clients that change their books. One thread at a time. */
final class Users {
    private static final int CARDS = 20_000;

    private final Bench bench;
    private final MadeCards cards;
    private final List<Filled> filled = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final Refusals refusals = new Refusals();

    /**
     * Fills the books.
     *
     * @param name what the users' names begin with
     * @param salt different for each part
     */
    Users(Bench bench, String name, long salt, int count) {
        this.bench = bench;
        StoredBooks books = bench.books(salt);
        cards = bench.cards(CARDS);
        int size = bench.options().userBook();
        bench.report().progress("filling " + count + " books");
        try (Connection connection = bench.postgres().connect()) {
            for (int i = 0; i < count; i++) {
                int first = (int) ((long) i * size % (cards.size() - size));
                Filled book = books.fill(connection, Bench.newUser(name), cards, first, size);
                filled.add(book);
                devices.add(new Device(
                        book,
                        cards,
                        bench.authorization(book.user()),
                        bench.options().seed() + book.id()));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client with its connection; its users take turns. */
    static final class Client implements Load.Worker {
        private final Wire wire;
        private final List<Device> devices;
        private final Refusals refusals;
        private int next;

        Client(Wire wire, List<Device> devices, Refusals refusals) {
            this.wire = wire;
            this.devices = devices;
            this.refusals = refusals;
        }

        @Override
        public boolean once() throws IOException {
            return devices.get(next++ % devices.size()).change(wire, refusals);
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /** Lets so many clients work until the service is as fast as it gets; nothing of that is counted. */
    void warmUp(int clients) {
        bench.report().progress("warming up");
        Load.run(clients(clients), bench.options().warmup(), Duration.ZERO, bench::usage);
    }

    /** Among whom these users are shared out. */
    List<Load.Worker> clients(int count) {
        return IntStream.range(0, count)
                .<Load.Worker>mapToObj(i -> new Client(bench.wire(), every(devices, i, count), refusals))
                .toList();
    }

    /** A client's own: no two clients have the same user. */
    static <T> List<T> every(List<T> all, int first, int step) {
        List<T> own = new ArrayList<>();
        for (int i = first; i < all.size(); i += step) {
            own.add(all.get(i));
        }
        return own;
    }

    List<Filled> books() {
        return filled;
    }

    List<Device> devices() {
        return devices;
    }

    MadeCards cards() {
        return cards;
    }

    /** What else than 200 the clients were answered. */
    Refusals refusals() {
        return refusals;
    }

    /** Compares all books with what their devices were told. */
    void verify() {
        bench.verify(devices);
    }
}
