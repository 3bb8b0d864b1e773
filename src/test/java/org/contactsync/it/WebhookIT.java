package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ThrowingRunnable;
import org.contactsync.it.WebhookReceiver.Received;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Systems of the operator are told of each change, whatever they answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class WebhookIT {
    private static final Duration MOST = Duration.ofMinutes(2);
    private static final String PATH = "/admin/v1/webhooks";

    private final WebhookReceiver receiver;
    private final ServerSocket silent;
    private final LibertyServer server;
    private final UUID run = UUID.randomUUID();
    private Device operator;

    WebhookIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        receiver = new WebhookReceiver(directory.resolve("receiver"));
        // Connections are accepted by the system, and nobody reads.
        silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.3"));
        server = LibertyServer.in(directory.resolve("server"))
                .with("WEBHOOK_DEAD_AFTER", "PT2S")
                .withDatabase("webhooks");
        receiver.configure(
                server,
                directory.resolve("webhooks.json"),
                receiver.encrypted("crm"),
                receiver.plain("flaky"),
                receiver.plain("dying"),
                receiver.plain("leaving"),
                receiver.plain("moved"),
                WebhookReceiver.endpoint("private", "https://127.0.0.2:" + receiver.port() + "/private"),
                WebhookReceiver.endpoint("silent", "http://127.0.0.3:" + silent.getLocalPort() + "/"));
        server.with("WEBHOOK_HOSTS", hosts()).with("WEBHOOK_NETWORKS", "127.0.0.1/32,127.0.0.3/32");
        receiver.answer("moved", message -> 307);
        server.start();
        operator = Device.ofNewUser(server).withToken(server.operatorsToken());
        await().atMost(MOST).untilAsserted(() -> assertThat(state("crm")).isEqualTo("active"));
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(figure("contactsync_webhook_lag_seconds", "crm"))
                        .isLessThan(100));
    }

    private String hosts() {
        return "localhost:%d,127.0.0.1:%d,127.0.0.2:%d,127.0.0.3:%d"
                .formatted(receiver.port(), receiver.plainPort(), receiver.port(), silent.getLocalPort());
    }

    @AfterAll
    void end() throws IOException {
        server.close();
        receiver.close();
        silent.close();
    }

    @Test
    @Order(1)
    void eachChangeIsToldOnceInOrderAndSigned() {
        Device phone = user("ordered");
        List<String> codes = new ArrayList<>(List.of(phone.checkCode()));
        for (int i = 0; i < 8; i++) {
            codes.add(phone.apply(Changes.puts(i, i + 1)).tag());
        }

        until(() -> assertThat(seqs("crm", "ordered")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8));

        List<Received> told = told("crm", "ordered");
        for (int i = 0; i < 8; i++) {
            JsonObject data = told.get(i).data();
            assertThat(told.get(i).body().getString("type")).isEqualTo("book.changed");
            assertThat(data.getString("before")).isEqualTo(codes.get(i));
            assertThat(data.getString("after")).isEqualTo(codes.get(i + 1));
            assertThat(data.keySet()).containsExactlyInAnyOrder("owner", "before", "after", "fromSeq", "seq");
        }
        assertThat(told.stream().map(Received::id).distinct()).hasSize(8);
        assertThat(receiver.all("forged")).isEmpty();
    }

    @Test
    @Order(2)
    void whatFailsIsRepeatedBeforeLaterChanges() {
        AtomicInteger failures = new AtomicInteger(2);
        String hash = hash("flaky");
        receiver.answer("flaky", message -> message.owner().equals(hash) && failures.getAndDecrement() > 0 ? 500 : 204);
        Device phone = user("flaky");
        phone.apply(Changes.puts(0, 1));
        phone.apply(Changes.puts(1, 2));
        Device other = user("other");
        other.apply(Changes.puts(0, 1));

        until(() -> assertThat(seqs("flaky", "flaky")).containsExactly(1, 1, 1, 2));

        List<Received> told = told("flaky", "flaky");
        assertThat(told.subList(0, 3).stream().map(Received::id).distinct()).hasSize(1);
        assertThat(told.subList(0, 3).stream().map(Received::body).distinct()).hasSize(1);
        until(() -> assertThat(seqs("flaky", "other")).containsExactly(1));
    }

    @Test
    @Order(3)
    void whatIsDeadIsListedAndCanBeReplayed() throws IOException {
        receiver.answer("dying", message -> 503);
        Device phone = user("dying");
        phone.apply(Changes.puts(0, 1));
        String owner = new Owner(TokenIssuer.DEVELOPMENT_NAME, name("dying")).key();

        until(() -> assertThat(deliveries("dying")).anySatisfy(each -> {
            assertThat(each.getString("owner")).isEqualTo(owner);
            assertThat(each.getString("ownerHash")).isEqualTo(hash("dying"));
            assertThat(each.getString("state")).isEqualTo("dead");
            assertThat(each.getString("error")).isEqualTo("http_503");
            assertThat(each.getInt("seq")).isEqualTo(1);
            assertThat(each.getInt("attempts")).isGreaterThanOrEqualTo(3);
        }));
        assertThat(endpoint("dying").getInt("dead")).isEqualTo(1);
        until(() -> assertThat(figure("contactsync_webhook_dead", "dying")).isEqualTo(1));
        int before = told("dying", "dying").size();
        receiver.answer("dying", message -> 204);
        phone.apply(Changes.puts(1, 2));
        until(() -> assertThat(seqs("dying", "dying")).endsWith(2));

        JsonObject replayed = replay("dying", owner, 1).is(200).json();

        assertThat(replayed.getInt("seq")).isEqualTo(1);
        until(() -> assertThat(seqs("dying", "dying").stream().skip(before)).containsExactly(2, 1, 2));
        assertThat(told("dying", "dying").get(before + 1).id())
                .isEqualTo(told("dying", "dying").get(0).id());
        until(() -> assertThat(deliveries("dying")).isEmpty());
        replay("dying", owner, 3).is(ProblemType.MALFORMED_REQUEST);
        replay("dying", owner.substring(1) + "A", 1).is(ProblemType.NOT_FOUND);
        replay("dying", "ada", 1).is(ProblemType.MALFORMED_REQUEST);
        replay("nobody", owner, 1).is(ProblemType.NOT_FOUND);
        assertThat(Files.readString(server.log()))
                .contains("admin action=replay by=")
                .contains("endpoint=dying owner=" + owner);
    }

    @Test
    @Order(4)
    void anEndpointThatIsGoneGetsNothingUntilItIsEnabled() {
        receiver.answer("leaving", message -> 410);
        Device phone = user("leaving");
        phone.apply(Changes.puts(0, 1));

        until(() -> assertThat(state("leaving")).isEqualTo("gone"));
        phone.apply(Changes.puts(1, 2));
        Pause.of(Duration.ofSeconds(2));
        assertThat(seqs("leaving", "leaving")).containsExactly(1);
        until(() ->
                assertThat(figure("contactsync_webhook_disabled", "leaving")).isEqualTo(1));
        receiver.answer("leaving", message -> 204);
        assertThat(operator.post(PATH + "/leaving/enable", "").is(200).string("state"))
                .isEqualTo("active");

        until(() -> assertThat(seqs("leaving", "leaving")).containsExactly(1, 1, 2));
    }

    @Test
    @Order(5)
    void whereNobodyMayBeToldNobodyIs() {
        until(() -> {
            assertThat(endpoint("moved").getString("lastError")).isEqualTo("redirect");
            assertThat(endpoint("private").getString("lastError")).isEqualTo("address");
            assertThat(endpoint("silent").getString("lastError")).isEqualTo("timeout");
        });
        assertThat(receiver.all("elsewhere")).isEmpty();
        assertThat(receiver.all("private")).isEmpty();
        assertThat(figure("contactsync_webhook_failed_total", "silent")).isPositive();
        assertThat(figure("contactsync_webhook_delivered_total", "silent")).isZero();
    }

    @Test
    @Order(6)
    void onlyOperatorsSeeIt() {
        Device phone = user("curious");
        phone.get(PATH).is(ProblemType.FORBIDDEN);
        phone.get(PATH + "/crm").is(ProblemType.FORBIDDEN);
        phone.get(PATH + "/crm/deliveries").is(ProblemType.FORBIDDEN);
        phone.post(PATH + "/crm/replay", "{}").is(ProblemType.FORBIDDEN);
        phone.post(PATH + "/crm/enable", "").is(ProblemType.FORBIDDEN);
        operator.get(PATH + "/nobody").is(ProblemType.NOT_FOUND);
        operator.get(PATH + "/crm/deliveries?after=x").is(ProblemType.MALFORMED_REQUEST);
        HttpAnswer all = operator.get(PATH).is(200);
        assertThat(all.array("endpoints")).hasSize(7);
        assertThat(all.text()).doesNotContain("whsec", "http:", WebhookReceiver.SECRET, WebhookReceiver.OWNER_KEY);
    }

    /** Also what was changed while nobody was told, and while the process that told was dead. */
    @Test
    @Order(7)
    void nothingIsLostWhenTheServiceIsKilled() throws IOException {
        AtomicInteger down = new AtomicInteger(1);
        receiver.answer("crm", message -> down.get() == 1 ? 502 : 204);
        Device phone = user("killed");
        for (int i = 0; i < 5; i++) {
            phone.apply(Changes.puts(i, i + 1));
        }
        until(() -> assertThat(seqs("crm", "killed")).contains(1));
        server.kill();
        down.set(0);
        server.start();
        Device.ofUser(server, name("killed")).apply(Changes.puts(5, 6));

        until(() -> assertThat(seqs("crm", "killed")).endsWith(1, 2, 3, 4, 5, 6));

        assertThat(seqs("crm", "killed").stream().filter(seq -> seq > 1)).containsExactly(2, 3, 4, 5, 6);
        assertThat(Files.readString(server.log()))
                .contains("webhook not delivered; trying again: endpoint=")
                .contains("webhook disabled: the endpoint answered 410: endpoint=leaving")
                .contains("webhook delivery given up: endpoint=")
                .doesNotContain("webhooks stopped by a failure", "Contact 1", "contact-0000", name("killed"), "whsec");
    }

    private static void until(ThrowingRunnable assertion) {
        await().atMost(MOST).untilAsserted(assertion);
    }

    private String name(String user) {
        return user + "-" + run;
    }

    private Device user(String user) {
        return Device.ofUser(server, name(user));
    }

    private String hash(String user) {
        return WebhookReceiver.ownerHash(new Owner(TokenIssuer.DEVELOPMENT_NAME, name(user)).key());
    }

    private List<Received> told(String endpoint, String user) {
        return receiver.of(endpoint, hash(user));
    }

    private List<Integer> seqs(String endpoint, String user) {
        return WebhookReceiver.seqs(told(endpoint, user));
    }

    private JsonObject endpoint(String name) {
        return operator.get(PATH + "/" + name).is(200).json();
    }

    private String state(String name) {
        return endpoint(name).getString("state");
    }

    private List<JsonObject> deliveries(String endpoint) {
        return operator.get(PATH + "/" + endpoint + "/deliveries")
                .is(200)
                .array("deliveries")
                .getValuesAs(JsonObject.class);
    }

    private HttpAnswer replay(String endpoint, String owner, int fromSeq) {
        return operator.post(
                PATH + "/" + endpoint + "/replay", "{\"owner\":\"" + owner + "\",\"fromSeq\":" + fromSeq + "}");
    }

    private double figure(String name, String endpoint) {
        Matcher figure = Pattern.compile("(?m)^" + name + "\\{[^}]*endpoint=\"" + endpoint + "\"[^}]*} (\\S+)$")
                .matcher(Device.ofNewUser(server).withToken("").get("/metrics").text());
        assertThat(figure.find()).as(name + " of " + endpoint).isTrue();
        return Double.parseDouble(figure.group(1));
    }
}
