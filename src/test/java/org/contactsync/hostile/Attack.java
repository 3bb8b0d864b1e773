package org.contactsync.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Something that a hostile client does for some seconds. It is bounded in connections and in requests a second, so that what is
 * measured beside it is what it takes from others and not the processor time of two cores.
 *
 * @param name as in the table of {@code docs/hostile.md}
 * @param action ends by itself when {@link Site#goesOn} says so
 */
record Attack(String name, Action action) {
    /** What it does; an {@link IOException} means that the server ended the connection, which it may. */
    interface Action {
        void run(Site site) throws IOException;
    }

    /** Where one run of an attack happens, and what came back. One thread at a time. */
    static final class Site {
        private final int port;
        private final String token;
        private final String largeBookToken;
        private final SplittableRandom random;
        private final long end;
        private final Map<Integer, Integer> answers = new TreeMap<>();
        private String example = "";

        /**
         * @param token of a hostile user of the server, valid
         * @param largeBookToken of a hostile user with a large book
         */
        Site(int port, String token, String largeBookToken, SplittableRandom random, long nanos) {
            this.port = port;
            this.token = token;
            this.largeBookToken = largeBookToken;
            this.random = random;
            end = System.nanoTime() + nanos;
        }

        int port() {
            return port;
        }

        SplittableRandom random() {
            return random;
        }

        String authorization() {
            return "Authorization: Bearer " + token + "\r\n";
        }

        String largeBookAuthorization() {
            return "Authorization: Bearer " + largeBookToken + "\r\n";
        }

        boolean goesOn() {
            return System.nanoTime() < end;
        }

        /** Waits, at most to the end of the attack. */
        void pause(long millis) {
            try {
                long left = (end - System.nanoTime()) / 1_000_000;
                Thread.sleep(Math.max(0, Math.min(millis, left)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Counts an answer; 0 stands for a connection that the server ended without one. */
        RawConnection.Reply count(RawConnection.Reply reply) {
            answers.merge(reply.status(), 1, Integer::sum);
            if (reply.status() == 500 && example.isEmpty()) {
                example = reply.text();
            }
            return reply;
        }

        void ended() {
            answers.merge(0, 1, Integer::sum);
        }

        /** One request over a connection of its own. */
        RawConnection.Reply once(String method, String path, String headers, byte[] body) throws IOException {
            try (RawConnection connection = RawConnection.to(port)) {
                return count(connection.exchange(method, path, headers, body));
            } catch (IOException e) {
                ended();
                throw e;
            }
        }

        Map<Integer, Integer> answers() {
            return answers;
        }

        /** The first answer 500, or the empty text. */
        String example() {
            return example;
        }
    }

    /** Connections that are opened for an attack and closed together. */
    static final class Crowd implements AutoCloseable {
        private final List<RawConnection> connections = new ArrayList<>();

        RawConnection add(RawConnection connection) {
            connections.add(connection);
            return connection;
        }

        List<RawConnection> connections() {
            return connections;
        }

        /** Sends to each; those that the server has ended are left out from then on. */
        void sendAll(Site site, byte[] bytes) {
            connections.removeIf(connection -> {
                try {
                    connection.send(bytes);
                    return false;
                } catch (IOException e) {
                    site.ended();
                    connection.close();
                    return true;
                }
            });
        }

        @Override
        public void close() {
            connections.forEach(RawConnection::close);
        }
    }
}
