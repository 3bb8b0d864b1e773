package org.contactsync.store;

import org.contactsync.sync.ClockScenarios;
import org.contactsync.sync.GivenUpScenarios;
import org.contactsync.sync.IncrementalScenarios;
import org.contactsync.sync.QueueScenarios;
import org.contactsync.sync.ReadingScenarios;
import org.contactsync.sync.RetentionScenarios;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.UploadScenarios;
import org.junit.jupiter.api.Nested;

/** What the engine promises, over the stores on PostgreSQL. */
class PostgresEngineIT {
    @Nested
    class Incremental extends IncrementalScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class Uploading extends UploadScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class Queueing extends QueueScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class Clocks extends ClockScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class GivenUp extends GivenUpScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class ReadingTwice extends ReadingScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }

    @Nested
    class Retention extends RetentionScenarios {
        @Override
        protected TestStore newStore() {
            return PostgresForStores.store().emptied();
        }
    }
}
