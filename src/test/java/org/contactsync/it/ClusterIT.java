package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.contactsync.protocol.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several instances on one external broker, over TLS with user and password, and one PostgreSQL. One broker and the same
 * instances for all tests, in their order: each start takes seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {
    /** Seen: two to three seconds, on a busy machine. */
    private static final Duration MOST_REFUSAL = Duration.ofSeconds(20);

    private static final Pattern REFUSED_USER = Pattern.compile("broker does not answer.*Security(Runtime)?Exception");

    private final Path directory;
    private final ExternalBroker broker;
    private final Cluster cluster;

    ClusterIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        this.directory = directory;
        broker = ExternalBroker.in(directory.resolve("broker")).start();
        cluster =
                new Cluster(directory, broker, Map.of("DB_NAME", TestDatabase.named("cluster"), "SYNC_SESSIONS", "8"));
        cluster.start("a", "b");
    }

    @AfterAll
    void end() {
        cluster.close();
        broker.close();
    }

    /** All requests come to one instance; who worked on them is what each says of itself. */
    @Test
    @Order(1)
    void aRequestIsWorkedOnByAnyInstanceAndAnsweredByTheOneThatHasIt() {
        LibertyServer a = cluster.instance("a");
        LibertyServer b = cluster.instance("b");
        int users = 40;
        for (int i = 0; i < users; i++) {
            Device device = Device.ofNewUser(a);
            BookModel book = BookModel.of(device);
            HttpAnswer answer = device.apply(new Changes().put("ada", Changes.card("Ada " + i)));
            assertThat(answer.string("checkCode"))
                    .isEqualTo(book.put("ada", Changes.card("Ada " + i)).checkCode());
        }
        long byA = Figures.of(a).stepsWorked();
        long byB = Figures.of(b).stepsWorked();
        assertThat(byA + byB).isEqualTo(users);
        assertThat(byB).as("worked on by the instance that had no request").isGreaterThan(users / 5);
        assertThat(byA).as("worked on by the instance that had them all").isGreaterThan(users / 5);
    }

    /** What was answered is in the database: the broker may forget everything. */
    @Test
    @Order(2)
    void aBrokerThatComesBackEmptyHasLostNothingThatWasAnswered() {
        LibertyServer a = cluster.instance("a");
        List<Device> devices = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Device device = Device.ofNewUser(a);
            devices.add(device);
            accepted.add(device.patch(
                            device.checkCode(),
                            new Changes().put("ada", Changes.card("Ada")).body(),
                            "Prefer",
                            "respond-async")
                    .is(202)
                    .string("id"));
            if (i == 10) {
                // the later ones are accepted while there is no broker at all
                broker.kill();
                broker.wipe();
            }
        }
        Device phone = devices.get(0);
        long asked = System.nanoTime();
        phone.patch(
                        phone.checkCode(),
                        new Changes().put("bob", Changes.card("Bob")).body())
                .is(ProblemType.UNAVAILABLE);
        report("refused without a broker after %d ms", millisSince(asked));
        assertThat(millisSince(asked)).isLessThan(MOST_REFUSAL.toMillis());
        await(() -> health(a).contains("\"broker\":\"DOWN\""));
        assertThat(a.ready()).isTrue();
        assertThat(phone.read().count()).isLessThanOrEqualTo(1);

        broker.start();
        long back = System.nanoTime();
        await(() -> health(a).contains("\"broker\":\"UP\""));
        report("broker seen %d ms after it came back", millisSince(back));
        for (int i = 0; i < devices.size(); i++) {
            assertThat(devices.get(i).finished(accepted.get(i)).getString("state"))
                    .isEqualTo("done");
            assertThat(devices.get(i).read().uids()).containsExactly("ada");
        }
        report("all that was accepted is done %d ms after it came back", millisSince(back));
        phone.apply(new Changes().put("bob", Changes.card("Bob")));
        report("answered again %d ms after it came back", millisSince(back));
    }

    /** It starts, says what is wrong, reads, and works as soon as it is put right. Restarts an instance: not in every build. */
    @Test
    @Order(3)
    @EnabledIfSystemProperty(named = "cluster.load", matches = "true")
    void aServiceThatTheBrokerDoesNotTakeSaysSoAndRecoversWithoutARestart() throws IOException {
        Path trust = Files.copy(broker.foreignTrustStore(), directory.resolve("trust-of-b.p12"));
        LibertyServer b = cluster.instance("b")
                .with("BROKER_TRUST_STORE", trust.toString())
                .with("BROKER_PASSWORD", "another");
        b.stop();
        b.start();
        assertThat(health(b)).contains("\"broker\":\"DOWN\"", "\"status\":\"UP\"");
        Device phone = Device.ofNewUser(b);
        String code = phone.checkCode();
        String body = new Changes().put("ada", Changes.card("Ada")).body();
        long asked = System.nanoTime();
        phone.patch(code, body).is(ProblemType.UNAVAILABLE);
        assertThat(millisSince(asked)).isLessThan(MOST_REFUSAL.toMillis());
        await(() -> log(b).contains("PKIX path"));

        Files.copy(broker.trustStore(), trust, StandardCopyOption.REPLACE_EXISTING);
        // The texts of exceptions are not logged; the health question names their classes, once for each reason.
        await(() -> log(b).lines().anyMatch(line -> REFUSED_USER.matcher(line).find()));
        assertThat(health(b)).contains("\"broker\":\"DOWN\"");

        broker.password("another");
        await(() -> health(b).contains("\"broker\":\"UP\""));
        phone.patch(code, body).is(200);
        // Eight sessions tried again every two seconds.
        assertThat(log(b).lines().filter(line -> line.contains("AMQ214016"))).hasSizeLessThan(6);
    }

    private static String health(LibertyServer server) {
        try {
            return server.send(server.request("/health/ready").build()).body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String log(LibertyServer server) {
        try {
            return Files.readString(server.log());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    private static void report(String format, Object... values) {
        System.out.printf("ClusterIT: " + format + "%n", values);
    }
}
