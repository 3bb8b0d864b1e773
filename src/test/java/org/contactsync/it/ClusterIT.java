package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several instances on one external broker, over TLS with user and password, and one PostgreSQL. One broker and the same
 * instances for all tests, in their order: each start takes seconds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {
    private final ExternalBroker broker;
    private final Cluster cluster;

    ClusterIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        broker = ExternalBroker.in(directory.resolve("broker")).start();
        cluster = new Cluster(directory, broker, Map.of("DB_NAME", TestDatabase.named("cluster")));
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
}
