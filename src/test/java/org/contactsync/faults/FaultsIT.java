package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.contactsync.faults.Installation.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What was promised is kept while each part is killed, held, cut off and lied to, once. */
class FaultsIT {
    /** Two minutes on two idle processors. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void everyPromiseIsKept(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        long seed = Long.getLong("faults.seed", 1);
        try (Installation site = new Installation(Plan.plain(directory));
                Meddler meddler = new Meddler(site.broker(), new Random(seed))) {
            Iterator<Fault> faults = new Faults(site, meddler)
                    .shortOnes().stream()
                            .filter(each -> each.name().matches(System.getProperty("faults.only", ".*")))
                            .iterator();

            Run run = new Run(site, seed);
            List<String> broken = run.under(() -> faults.hasNext() ? Optional.of(faults.next()) : Optional.empty());

            assertThat(broken).as("seed %d, %s", seed, directory).isEmpty();
            aLossWouldHaveBeenSeen(site, run);
        }
    }

    /** The same check of the same run with a database in which something is not as it was. */
    private static void aLossWouldHaveBeenSeen(Installation site, Run run) {
        site.postgres()
                .execute("update contact set card = null, content_hash = null where uid ="
                        + " (select min(uid) from contact c, book b where c.book_id = b.id and c.generation = b.generation"
                        + " and c.card is not null)");
        assertThat(run.check()).anyMatch(each -> each.contains("the contacts are"));
    }
}
