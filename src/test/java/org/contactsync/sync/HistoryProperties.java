package org.contactsync.sync;

import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Protocol 1.3, 1.5, 7.2, 8.5: whatever several devices, a lossy queue and a dying server do, the book is what was answered,
 * each task is applied at most once and in order, and no promise is lost. A failing run prints its seed.
 */
class HistoryProperties {
    /** Without these the histories would show less than they say. */
    private static final List<String> OF_INTEREST = List.of(
            "ApplyChanges Applied",
            "ApplyChanges Applied rebased",
            "ApplyChanges Accepted",
            "ApplyChanges Refused contact-conflict",
            "ApplyChanges Refused idempotency-key-in-progress",
            "ApplyChanges Refused queue-full",
            "ApplyChanges Refused task-finished",
            "ApplyChanges Refused check-code-mismatch",
            "OpenUpload Opened",
            "OpenUpload Refused check-code-mismatch",
            "PutChunk Acknowledged",
            "PutChunk Refused chunk-conflict",
            "PutChunk Refused chunk-out-of-order",
            "PutChunk Refused task-waiting",
            "PutChunk Refused task-expired",
            "PutChunk Refused check-code-mismatch",
            "CommitUpload Applied",
            "CommitUpload Refused chunks-missing",
            "CommitUpload Refused task-expired",
            "CancelTask Gone",
            "ahead of one that was accepted earlier");

    @Property(tries = 200)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void theBookIsWhatWasAnswered(@ForAll("histories") ActionChain<History> history) {
        history.withInvariant("the book is what was answered", History::compare)
                .run()
                .end()
                .forEach(answer -> Statistics.label("answers").collect(answer));

        Statistics.label("answers")
                .coverage(answers ->
                        OF_INTEREST.forEach(answer -> answers.check(answer).count(count -> count > 0)));
    }

    @Provide
    Arbitrary<ActionChain<History>> histories() {
        return ActionChain.startWith(() -> new History(new InMemoryStore()))
                .withAction(8, action("change", History::change))
                .withAction(3, action("change together", History::together))
                .withAction(1, action("empty", History::empty))
                .withAction(3, action("open", History::open))
                .withAction(6, action("chunk", History::chunk))
                .withAction(4, action("commit", History::commit))
                .withAction(1, action("cancel", History::cancel))
                .withAction(3, action("deliver late or again", History::deliverLate))
                .withAction(2, action("repeat", History::repeat))
                .withAction(2, action("park", History::park))
                .withAction(1, action("lose a transaction", History::loseTransaction))
                .withAction(1, action("pass time", History::passTime))
                .withAction(2, action("sweep", (history, random) -> history.sweep()))
                .withMaxTransformations(80);
    }

    private static Action.Independent<History> action(String name, BiConsumer<History, Random> act) {
        return () -> Arbitraries.longs()
                .map(seed -> Transformer.mutate(name, history -> act.accept(history, new Random(seed))));
    }
}
