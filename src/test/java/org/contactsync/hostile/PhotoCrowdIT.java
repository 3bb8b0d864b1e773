package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.contactsync.hostile.RawConnection.Reply;
import org.contactsync.it.LibertyServer;
import org.contactsync.photo.Pictures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A thousand photos at once, photos that come slowly or not to their end, and clients that do not read them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhotoCrowdIT {
    private static final int UPLOADS = 1_000;
    private static final int USERS = 50;
    private static final int CONNECTIONS = 200;
    private static final byte[] NOTHING = {};

    /** For a machine that does other things too. */
    private static final Duration MOST = Duration.ofSeconds(60);

    private LibertyServer server;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("RATE_PER_SECOND", "100000")
                .with("RATE_BURST", "100000")
                .withDatabase("photocrowd")
                .start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** Each is stored, or refused with a time after which it is stored. */
    @Test
    void aThousandPhotosAtOnce() throws Exception {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add(authorization("crowd" + i));
        }
        ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<Map<Integer, Integer>>> all = new ArrayList<>();
            for (int i = 0; i < UPLOADS; i++) {
                int number = i;
                all.add(senders.submit(() -> sendUntilStored(users.get(number % USERS), number)));
            }
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Map<Integer, Integer>> each : all) {
                get(each).forEach((status, number) -> statuses.merge(status, number, Integer::sum));
            }
            System.out.println("a thousand photos at once, answers by status: " + statuses);
            assertThat(statuses.get(200)).isEqualTo(UPLOADS);
            assertThat(statuses.keySet()).isSubsetOf(200, 429, 503, 408);
        } finally {
            senders.shutdownNow();
        }
        for (int i = 0; i < UPLOADS; i += 97) {
            try (RawConnection connection = RawConnection.to(server.port())) {
                byte[] photo = photo(i);
                Reply reply = connection.exchange("GET", Pictures.path(photo), users.get(i % USERS), NOTHING);
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.body()).isEqualTo(photo);
            }
        }
    }

    private Map<Integer, Integer> sendUntilStored(String user, int number) throws Exception {
        byte[] photo = photo(number);
        Map<Integer, Integer> statuses = new TreeMap<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < end) {
            int status = 0;
            try (RawConnection connection = RawConnection.to(server.port())) {
                Reply reply = connection.exchange("PUT", Pictures.path(photo), user, photo);
                status = reply.status();
                if (status == 429 || status == 503) {
                    assertThat(reply.header("Retry-After")).matches("[0-9]+");
                }
            } catch (IOException closed) {
                // Refused before all was sent, and closed: the answer may be lost.
                status = 503;
            }
            statuses.merge(status, 1, Integer::sum);
            if (status == 200) {
                return statuses;
            }
            Thread.sleep(500 + number % 10 * 100L);
        }
        throw new AssertionError("not stored: " + statuses);
    }

    /** Protocol 4.27.3. A user who sends one photo is served beside 30 who send 8 slow ones each. */
    @Test
    void slowSendersKeepNobodyOut() throws Exception {
        List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                String user = authorization("slow" + i);
                for (int n = 0; n < 8; n++) {
                    byte[] photo = Pictures.jpeg(5_000_000, 1_000L * i + n);
                    slow.add(RawConnection.to(server.port())
                            .send("PUT " + Pictures.path(photo) + " HTTP/1.1\r\nHost: localhost\r\n" + user
                                    + "Content-Length: 5000000\r\n\r\n")
                            .send(Arrays.copyOf(photo, 1_000)));
                }
            }
            String honest = authorization("honest");
            for (int i = 0; i < 5; i++) {
                byte[] photo = Pictures.jpeg(400_000, -i);
                long start = System.nanoTime();
                try (RawConnection connection = RawConnection.to(server.port())) {
                    assertThat(connection
                                    .exchange("PUT", Pictures.path(photo), honest, photo)
                                    .status())
                            .isEqualTo(200);
                }
                assertThat(System.nanoTime() - start).isLessThan(MOST.toNanos());
            }
        } finally {
            slow.forEach(RawConnection::close);
        }
    }

    /** A client that goes away in the midst leaves its quota as it was. */
    @Test
    void whatIsNotSentToItsEndCostsNoQuota() throws Exception {
        String user = authorization("half");
        for (int i = 0; i < 60; i++) {
            byte[] photo = Pictures.jpeg(9_000_000, i);
            try (RawConnection connection = RawConnection.to(server.port())
                    .send("PUT " + Pictures.path(photo) + " HTTP/1.1\r\nHost: localhost\r\n" + user
                            + "Content-Length: 9000000\r\n\r\n")
                    .send(Arrays.copyOf(photo, 300_000))) {
                Thread.sleep(20);
            }
        }
        byte[] photo = Pictures.jpeg(9_000_000, 99);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            try (RawConnection connection = RawConnection.to(server.port())) {
                return connection
                                .exchange("PUT", Pictures.path(photo), user, photo)
                                .status()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** They hold their own places only. */
    @Test
    void clientsThatDoNotReadPhotosKeepNobodyOut() throws Exception {
        byte[] photo = Pictures.jpeg(8_000_000, 7);
        List<RawConnection> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                String user = authorization("deaf" + i);
                try (RawConnection connection = RawConnection.to(server.port())) {
                    assertThat(connection
                                    .exchange("PUT", Pictures.path(photo), user, photo)
                                    .status())
                            .isEqualTo(200);
                }
                for (int n = 0; n < 12; n++) {
                    deaf.add(RawConnection.deafTo(server.port())
                            .send(RawConnection.request("GET", Pictures.path(photo), user, NOTHING)));
                }
            }
            String honest = authorization("reader");
            byte[] own = photo(5);
            try (RawConnection connection = RawConnection.to(server.port())) {
                assertThat(connection
                                .exchange("PUT", Pictures.path(own), honest, own)
                                .status())
                        .isEqualTo(200);
                Reply reply = connection.exchange("GET", Pictures.path(own), honest, NOTHING);
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                assertThat(reply.body()).isEqualTo(own);
            }
        } finally {
            deaf.forEach(RawConnection::close);
        }
    }

    private static byte[] photo(int number) {
        return Pictures.jpeg(100_000 + number * 10, 5_000 + number);
    }

    private static <T> T get(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private String authorization(String user) throws IOException {
        return "Authorization: Bearer " + server.developmentToken(user + "-" + UUID.randomUUID()) + "\r\n";
    }
}
