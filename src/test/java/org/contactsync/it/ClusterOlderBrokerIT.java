package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is updated before its broker: the broker's settings do not know the address of the events yet. Changes are made as ever,
 * and clients that listen at another instance are told later.
 */
class ClusterOlderBrokerIT {
    private static final String ROLES = "securityRoles.\"contacts.changed\".contact-sync.";
    private static final Duration TOLD = Duration.ofSeconds(90);

    @Test
    void eventsComeWithoutTheirAddress(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Cluster cluster = new Cluster(directory, "cluster_older_broker")) {
            for (String right : List.of("send", "consume", "createNonDurableQueue", "deleteNonDurableQueue")) {
                cluster.broker().with(ROLES + right, "false");
            }
            cluster.broker().kill();
            cluster.broker().start();
            LibertyServer a = cluster.start("a", "b");
            System.out.println("ready");
            LibertyServer b = cluster.instance("b");
            String user = "user-" + UUID.randomUUID();
            Device phone = Device.ofUser(a, user);
            phone.apply(Changes.puts(0, 1));

            try (EventReader listener = EventReader.of(b, b.developmentToken(user))) {
                assertThat(listener.status()).isEqualTo(200);
                phone.apply(Changes.puts(1, 2));
                String told = listener.nextEvent(TOLD);
                while (told != null && told.contains("\"seq\":1,")) {
                    told = listener.nextEvent(TOLD);
                }
                assertThat(told).contains("\"seq\":2,");
            }
        }
    }
}
