package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.contactsync.faults.Installation.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What was promised is kept while each part is killed, held, cut off and lied to, once. */
class FaultsIT {
    @Test
    void everyPromiseIsKept(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        long seed = Long.getLong("faults.seed", 1);
        try (Installation site = new Installation(Plan.plain(directory));
                Meddler meddler = new Meddler(site.broker(), new Random(seed))) {
            Iterator<Fault> faults = new Faults(site, meddler)
                    .shortOnes().stream()
                            .filter(each -> each.name().matches(System.getProperty("faults.only", ".*")))
                            .iterator();

            List<String> broken =
                    new Run(site, seed).under(() -> faults.hasNext() ? Optional.of(faults.next()) : Optional.empty());

            assertThat(broken).as("seed %d, %s", seed, directory).isEmpty();
        }
    }
}
