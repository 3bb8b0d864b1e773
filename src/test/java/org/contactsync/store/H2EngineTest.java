package org.contactsync.store;

import org.contactsync.sync.ClockScenarios;
import org.contactsync.sync.ConflictScenarios;
import org.contactsync.sync.GivenUpScenarios;
import org.contactsync.sync.GroupScenarios;
import org.contactsync.sync.HistoryBoundScenarios;
import org.contactsync.sync.HistoryGapScenarios;
import org.contactsync.sync.HistoryScenarios;
import org.contactsync.sync.IncrementalScenarios;
import org.contactsync.sync.LoopScenarios;
import org.contactsync.sync.LostCardScenarios;
import org.contactsync.sync.QueueScenarios;
import org.contactsync.sync.ReadingScenarios;
import org.contactsync.sync.RestoreScenarios;
import org.contactsync.sync.RestoreTaskScenarios;
import org.contactsync.sync.RetentionScenarios;
import org.contactsync.sync.SeriesFeedScenarios;
import org.contactsync.sync.SeriesScenarios;
import org.contactsync.sync.StoredRows;
import org.contactsync.sync.StoredTreeScenarios;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.UploadScenarios;
import org.junit.jupiter.api.Nested;

/** What the engine promises, over the stores on H2. */
class H2EngineTest {
    private static final JpaTestStore H2 = JpaTestStore.onH2("engine");

    @Nested
    class Incremental extends IncrementalScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Together extends SeriesScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class WhatSeriesMissed extends SeriesFeedScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class InGroups extends GroupScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }

        @Override
        protected StoredRows rows() {
            return new JpaRows(H2);
        }
    }

    @Nested
    class Uploading extends UploadScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Queueing extends QueueScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Clocks extends ClockScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class GivenUp extends GivenUpScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class ReadingTwice extends ReadingScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Retention extends RetentionScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Loops extends LoopScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Histories extends HistoryScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Restores extends RestoreScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class HistoryGaps extends HistoryGapScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class HistoryBounds extends HistoryBoundScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class Conflicts extends ConflictScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class RestoreTasks extends RestoreTaskScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class LostCards extends LostCardScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }

    @Nested
    class StoredTrees extends StoredTreeScenarios {
        @Override
        protected TestStore newStore() {
            return H2.emptied();
        }
    }
}
