package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * An instance of the previous build and one of this build on one PostgreSQL and one broker, under load: an update, and its
 * rollback. The previous build is that of the revision {@code upgrade.from}. The tests have an order, because each start takes seconds.
 * {@code -Dupgrade.test=false} leaves it out.
 */
@EnabledIfSystemProperty(named = "upgrade.test", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class UpgradeIT {
    private static final int USERS = 10;

    /** Of requests that all go to one instance. */
    private static final int CROSSING = 24;

    /** What one version would write of bytes that it cannot read. */
    private static final String[] COMPLAINTS = {
        "message is not a step", "reply not readable", "of a newer version", "attempt failed"
    };

    private final Cluster cluster;
    private final LibertyServer before;
    private final LibertyServer after;

    UpgradeIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        Path previous = PreviousBuild.home();
        cluster = new Cluster(directory, "upgrade");
        before = cluster.instance("before").of(previous);
        after = cluster.instance("after");
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    /** An instance of this build joins one of the previous build, which then leaves. */
    @Test
    @Order(1)
    void anUpdateLosesNothing() {
        before.start();
        HalfDone goesOver;
        try (ClusterLoad load = ClusterLoad.gently(USERS, before)) {
            load.awaitAllSince(System.nanoTime());
            goesOver = HalfDone.at(before);
            after.start();
            load.add(after);
            load.awaitAllSince(System.nanoTime());
            goesOver.finishAt(after);
            HalfDone.at(after).finishAt(before);
            goesOver = HalfDone.at(before);
            report("changes while this build joined: %d", load.verify());
        }
        eachWorksOnTheRequestsOfTheOther();
        try (ClusterLoad load = ClusterLoad.gently(USERS, after, before)) {
            load.awaitAllSince(System.nanoTime());
            load.remove(before);
            before.stop();
            load.awaitAllSince(System.nanoTime());
            goesOver.finishAt(after);
            report("changes while the previous build left: %d", load.verify());
        }
        neitherComplains();
    }

    /** An instance of the previous build starts on the schema of this build, whose instance then leaves. */
    @Test
    @Order(2)
    void aRollbackLosesNothing() {
        if (!after.ready()) {
            after.start();
        }
        HalfDone goesBack;
        try (ClusterLoad load = ClusterLoad.gently(USERS, after)) {
            load.awaitAllSince(System.nanoTime());
            goesBack = HalfDone.at(after);
            before.start();
            load.add(before);
            load.awaitAllSince(System.nanoTime());
            goesBack.finishAt(before);
            HalfDone.at(before).finishAt(after);
            goesBack = HalfDone.at(after);
            report("changes while the previous build joined: %d", load.verify());
        }
        eachWorksOnTheRequestsOfTheOther();
        try (ClusterLoad load = ClusterLoad.gently(USERS, before, after)) {
            load.awaitAllSince(System.nanoTime());
            load.remove(after);
            after.stop();
            load.awaitAllSince(System.nanoTime());
            goesBack.finishAt(before);
            report("changes while this build left: %d", load.verify());
        }
        neitherComplains();
    }

    /** Messages and answers of both versions cross: who worked on a request is what each says of itself. */
    private void eachWorksOnTheRequestsOfTheOther() {
        for (LibertyServer asked : List.of(before, after)) {
            LibertyServer other = asked.equals(before) ? after : before;
            long byOther = Figures.fresh(other).stepsWorked();
            for (int i = 0; i < CROSSING; i++) {
                Device device = Device.ofNewUser(asked);
                BookModel book = BookModel.of(device);
                HttpAnswer answer = device.apply(new Changes().put("ada", Changes.card("Ada " + i)));
                assertThat(answer.string("checkCode"))
                        .isEqualTo(book.put("ada", Changes.card("Ada " + i)).checkCode());
            }
            assertThat(Figures.fresh(other).stepsWorked() - byOther)
                    .as("worked on by the instance that had no request")
                    .isPositive();
        }
    }

    private void neitherComplains() {
        for (LibertyServer server : List.of(before, after)) {
            try {
                assertThat(Files.readString(server.log())).doesNotContain(COMPLAINTS);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static void report(String format, Object... values) {
        System.out.printf("UpgradeIT: " + format + "%n", values);
    }
}
