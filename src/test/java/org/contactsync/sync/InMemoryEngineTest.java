package org.contactsync.sync;

import org.junit.jupiter.api.Nested;

/** What the engine promises, over the fakes. */
class InMemoryEngineTest {
    @Nested
    class Incremental extends IncrementalScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Together extends SeriesScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class WhatSeriesMissed extends SeriesFeedScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class InGroups extends GroupScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }

        @Override
        protected int twins() {
            return 50;
        }
    }

    @Nested
    class Uploading extends UploadScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Queueing extends QueueScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Clocks extends ClockScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class GivenUp extends GivenUpScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Retention extends RetentionScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Loops extends LoopScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Histories extends HistoryScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Restores extends RestoreScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class HistoryGaps extends HistoryGapScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class HistoryBounds extends HistoryBoundScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class Conflicts extends ConflictScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class RestoreTasks extends RestoreTaskScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class LostCards extends LostCardScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }

    @Nested
    class StoredTrees extends StoredTreeScenarios {
        @Override
        protected TestStore newStore() {
            return new InMemoryStore();
        }
    }
}
