package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two instances tell an endpoint of each change once, and one goes on where the other was killed. */
class ClusterWebhookIT {
    private static final Duration MOST = Duration.ofMinutes(2);
    private static final int USERS = 12;

    @Test
    void oneInstanceDeliversAndAnotherTakesOver(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver(directory.resolve("receiver"));
                Cluster cluster = new Cluster(directory, "cluster_webhooks")) {
            for (String name : List.of("a", "b")) {
                receiver.configure(
                        cluster.instance(name), directory.resolve("webhooks.json"), receiver.encrypted("crm"));
            }
            LibertyServer a = cluster.start("a", "b");
            LibertyServer b = cluster.instance("b");
            await().atMost(MOST)
                    .untilAsserted(() -> assertThat(Device.ofNewUser(a)
                                    .withToken(a.operatorsToken())
                                    .get("/admin/v1/webhooks/crm/deliveries")
                                    .status())
                            .isEqualTo(200));
            List<Device> phones = new ArrayList<>();
            List<String> hashes = new ArrayList<>();
            UUID run = UUID.randomUUID();
            for (int i = 0; i < USERS; i++) {
                String name = "user-" + i + "-" + run;
                phones.add(Device.ofUser(a, name));
                hashes.add(WebhookReceiver.ownerHash(new Owner(TokenIssuer.DEVELOPMENT_NAME, name).key()));
            }

            change(phones, a, b, 0);
            await().atMost(MOST)
                    .untilAsserted(() -> assertThat(hashes)
                            .allSatisfy(hash -> assertThat(told(receiver, hash)).containsExactly(1, 2)));
            a.kill();
            change(phones, b, b, 2);

            // What had just come when the instance was killed comes again, before what is later.
            await().atMost(MOST)
                    .untilAsserted(() -> assertThat(hashes)
                            .allSatisfy(hash -> assertThat(told(receiver, hash))
                                    .isSorted()
                                    .containsOnly(1, 2, 3, 4)
                                    .contains(1, 2, 3, 4)
                                    .hasSizeLessThanOrEqualTo(5)));
            assertThat(receiver.all("forged")).isEmpty();
            assertThat(receiver.all("crm")).hasSizeLessThanOrEqualTo(4 * USERS + 1);
        }
    }

    private static void change(List<Device> phones, LibertyServer one, LibertyServer other, int first) {
        for (Device phone : phones) {
            phone.at(one).apply(Changes.puts(first, first + 1));
            phone.at(other).apply(Changes.puts(first + 1, first + 2));
        }
    }

    private static List<Integer> told(WebhookReceiver receiver, String hash) {
        return WebhookReceiver.seqs(receiver.of("crm", hash));
    }
}
