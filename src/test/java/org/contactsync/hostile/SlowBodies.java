package org.contactsync.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Accounts that send many bodies at once, each a little faster than it has to come, and a new one as soon as one was ended. One
 * thread drives them all.
 */
final class SlowBodies implements AutoCloseable {
    private static final long TICK_MILLIS = 250;

    /** A little more than 4 KiB a second. */
    private static final int PART = 1_280;

    private final int port;
    private final List<Slow> bodies = new ArrayList<>();
    private final Crew crew = new Crew();
    private int begun;

    private final class Slow {
        private final String head;
        private final byte[] start;
        private final byte[] part;
        private RawConnection connection;

        Slow(String head, byte[] start, byte[] part) throws IOException {
            this.head = head;
            this.start = start;
            this.part = part;
            connection = begin();
        }

        private RawConnection begin() throws IOException {
            begun++;
            return RawConnection.to(port).send(head).send(start);
        }

        void goOn() throws IOException {
            try {
                if (!connection.isAnswered()) {
                    connection.send(part);
                    return;
                }
            } catch (IOException e) {
                // The server ended it.
            }
            connection.close();
            connection = begin();
        }
    }

    SlowBodies(int port) {
        this.port = port;
    }

    /**
     * Begins a body.
     *
     * @param start how many bytes it sends at once
     */
    void add(String authorization, int start) throws IOException {
        bodies.add(new Slow(head(authorization, "Content-Length: 4000000"), blanks(start), blanks(PART)));
    }

    /** Begins a body whose bytes hardly come: what comes are extensions of chunks. */
    void addChunked(String authorization) throws IOException {
        byte[] drop = "x".repeat(8).getBytes(StandardCharsets.US_ASCII);
        byte[] start = "1;a=".getBytes(StandardCharsets.US_ASCII);
        bodies.add(new Slow(head(authorization, "Transfer-Encoding: chunked"), start, drop));
    }

    SlowBodies start() {
        crew.add(this::drive, "slow bodies");
        return this;
    }

    /** How many bodies were begun. */
    int begun() {
        return begun;
    }

    private void drive() {
        while (crew.works()) {
            for (Slow each : bodies) {
                try {
                    each.goOn();
                } catch (IOException e) {
                    // It tries again at the next tick.
                }
            }
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static String head(String authorization, String length) {
        return "PATCH /v1/book/contacts HTTP/1.1\r\nHost: localhost\r\n" + authorization
                + "Content-Type: application/json\r\nIf-Match: \"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y\"\r\n"
                + length + "\r\n\r\n";
    }

    private static byte[] blanks(int number) {
        return " ".repeat(number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        crew.end();
        bodies.forEach(each -> each.connection.close());
    }
}
