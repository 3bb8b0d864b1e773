package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.step.NewerSteps;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
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
    /** Seen: one to three seconds, and once seventeen on a busy machine. */
    private static final Duration MOST_REFUSAL = Duration.ofSeconds(60);

    /** A request that is not told that its task has ended looks 5 s after its first look. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final int SOON_ENOUGH = 3;
    private static final int MOST_ROUNDS = 20;

    private static final Pattern REFUSED_USER = Pattern.compile("broker does not answer.*Security(Runtime)?Exception");

    private final Path directory;
    private final ExternalBroker broker;
    private final Cluster cluster;

    ClusterIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        this.directory = directory;
        cluster = new Cluster(directory, "cluster");
        broker = cluster.broker();
        cluster.start("a", "b");
    }

    @AfterAll
    void end() {
        cluster.close();
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
        long byA = Figures.fresh(a).stepsWorked();
        long byB = Figures.fresh(b).stepsWorked();
        assertThat(byA + byB).isEqualTo(users);
        assertThat(byB).as("worked on by the instance that had no request").isGreaterThan(users / 5);
        assertThat(byA).as("worked on by the instance that had them all").isGreaterThan(users / 5);
    }

    /**
     * Protocol 4.11.1: a wait ends with its task, whichever instance worked on it and whichever has the request. Without being told,
     * the requests would look at the earliest after another three and a half seconds.
     */
    @Test
    @Order(1)
    void whoWaitsForATaskIsToldWhenItEnds() throws Exception {
        List<String> instances = List.of("a", "b");
        List<List<Duration>> delays = List.of(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < MOST_ROUNDS && !delays.stream().allMatch(ClusterIT::areSoon); round++) {
            Device phone = Device.ofNewUser(cluster.instance("a"));
            String upload = phone.opened("initial", 2, 4);
            phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
            List<CompletableFuture<HttpAnswer>> waiting = new ArrayList<>();
            for (String instance : instances) {
                waiting.add(phone.at(cluster.instance(instance))
                        .sendAsync("GET", "/v1/sync-tasks/" + upload, BodyPublishers.noBody(), "Prefer", "wait=50"));
            }
            Pause.of(Duration.ofMillis(1_500));
            assertThat(waiting).noneMatch(CompletableFuture::isDone);

            long start = System.nanoTime();
            phone.cancel(upload);
            for (int i = 0; i < waiting.size(); i++) {
                assertThat(waiting.get(i).get(60, TimeUnit.SECONDS).is(200).string("state"))
                        .isEqualTo("cancelled");
                delays.get(i).add(Duration.ofNanos(System.nanoTime() - start));
            }
        }
        System.out.println("from the cancellation to the answers, on this and on the other instance: " + delays);
        assertThat(delays).allMatch(ClusterIT::areSoon);
    }

    /** Not all of them: the machine may pause. */
    private static boolean areSoon(List<Duration> delays) {
        return delays.stream().filter(delay -> delay.compareTo(SOON) < 0).count() >= SOON_ENOUGH;
    }

    /** What was answered is in the database: the broker may forget everything. */
    /** Protocol 4.15.1: whichever instance a client listens to, and whichever changes the book. */
    @Test
    @Order(1)
    void whoListensIsToldOfWhatAnotherInstanceChanges() throws Exception {
        Device phone = Device.ofNewUser(cluster.instance("a"));
        phone.checkCode();
        try (EventReader atA = EventReader.of(cluster.instance("a"), phone.token());
                EventReader atB = EventReader.of(cluster.instance("b"), phone.token())) {
            atA.nextEvent(MOST_REFUSAL);
            atB.nextEvent(MOST_REFUSAL);
            for (int i = 1; i <= 6; i++) {
                phone.at(cluster.instance(i % 2 == 0 ? "a" : "b")).apply(Changes.puts(i, i + 1));
                String event = "id: " + i + "\nevent: book\n";
                assertThat(atA.nextEvent(MOST_REFUSAL)).startsWith(event).contains("\"device\":\"phone\"");
                assertThat(atB.nextEvent(MOST_REFUSAL)).startsWith(event).contains("\"device\":\"phone\"");
            }
        }
    }

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

    /** It would take answers that the living one waits for. */
    @Test
    @Order(4)
    void aProcessWithTheNameOfALivingOneDoesNotStart() throws IOException {
        LibertyServer a = cluster.instance("a");
        LibertyServer twin = cluster.server("twin").with("INSTANCE", "a");
        assertThat(twin.runToItsEnd()).isEqualTo(1);
        assertThat(log(twin))
                .contains("another process uses this INSTANCE; waiting for it to end", "contact-sync does not start")
                .contains("INSTANCE is in use by another running process: a")
                .doesNotContain("contact-sync is ready");
        assertThat(a.ready()).isTrue();
        // Whoever was killed does not keep its successor away.
        a.kill();
        a.start();
        assertThat(log(a)).doesNotContain("another process uses this INSTANCE");
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

    /** Nobody here can read it: it goes from one to the other a few times, and its request is told to repeat. */
    @Test
    @Order(4)
    void aStepOfANewerVersionGoesRoundAndIsAnsweredInTheEnd() throws JMSException {
        ReplyTo to = new ReplyTo("contacts.reply.newer", UUID.randomUUID());
        Owner owner = new Owner("https://issuer.example", "newer");
        Step.Head head = new Step.Head(owner, TaskId.random(), Optional.empty(), Instant.now(), to);
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext context = factory.createContext(ExternalBroker.USER, broker.password())) {
            JMSConsumer answers = context.createConsumer(context.createQueue(to.queue()));
            BytesMessage message = context.createBytesMessage();
            message.writeBytes(NewerSteps.of(new Step.CancelTask(head)));
            message.setStringProperty("JMSXGroupID", owner.key());
            message.setLongProperty("sentAtMillis", System.currentTimeMillis());
            long sent = System.nanoTime();
            context.createProducer().send(context.createQueue("contacts.sync"), message);

            Message answer = answers.receive(60_000);

            report("a step that nobody can read was answered after %d ms", millisSince(sent));
            assertThat(answer.getIntProperty("status")).isEqualTo(503);
            assertThat(answer.getJMSCorrelationID()).isEqualTo(to.correlation().toString());
        }
        String logs = log(cluster.instance("a")) + log(cluster.instance("b"));
        assertThat(logs).containsOnlyOnce("step of a newer version not run").doesNotContain("not passed on");
    }

    /** A rollback: the promise stays, in its place, until an instance has it that can keep it. */
    @Test
    @Order(5)
    void aTaskThatANewerVersionParkedWaitsAndIsNotGivenUp() throws SQLException {
        Device phone = Device.ofNewUser(cluster.instance("a"));
        Device tablet = phone.another("tablet");
        BookModel book = BookModel.of(phone);
        String upload = phone.opened("initial", 1, 2);
        phone.chunk(upload, 1, Changes.contacts(0, 2)).is(200);
        String first = accepted(tablet, book, "first");
        byte[] payload = payload(first);
        payload(first, NewerSteps.of(payload));
        phone.commit(upload).is(200);

        String second = accepted(tablet, book, "second");
        Pause.of(Duration.ofSeconds(3));
        for (String task : List.of(first, second)) {
            assertThat(tablet.task(task).is(200).string("state")).isEqualTo("waiting");
        }
        assertThat(tablet.read().count()).isEqualTo(2);
        payload(first, payload);
        String third = accepted(tablet, book, "third");

        for (String task : List.of(first, second, third)) {
            assertThat(tablet.finished(task).getString("state")).isEqualTo("done");
        }
        assertThat(tablet.read().count()).isEqualTo(5);
        assertThat(log(cluster.instance("a")) + log(cluster.instance("b"))).doesNotContain("attempt failed");
    }

    private static String accepted(Device device, BookModel book, String uid) {
        String body =
                new Changes().putOver(null, uid, Changes.card(uid)).rebase().body();
        return device.patch(book.checkCode(), body, "Prefer", "respond-async")
                .is(202)
                .string("id");
    }

    private byte[] payload(String task) throws SQLException {
        try (Connection connection = TestDatabase.connect(cluster.database());
                PreparedStatement read =
                        connection.prepareStatement("select payload from waiting_step where task_id = ?")) {
            read.setObject(1, TaskId.parse(task).orElseThrow().value());
            try (ResultSet row = read.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getBytes(1);
            }
        }
    }

    private void payload(String task, byte[] payload) throws SQLException {
        try (Connection connection = TestDatabase.connect(cluster.database());
                PreparedStatement write =
                        connection.prepareStatement("update waiting_step set payload = ? where task_id = ?")) {
            write.setBytes(1, payload);
            write.setObject(2, TaskId.parse(task).orElseThrow().value());
            assertThat(write.executeUpdate()).isEqualTo(1);
        }
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
