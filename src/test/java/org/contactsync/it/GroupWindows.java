package org.contactsync.it;

import java.nio.file.Path;
import java.util.List;

/**
 * Rules for changes of several users in one transaction: one such transaction runs at a time, and its first change waits before it takes
 * others with it. What happens to all of them depends on the name of the device of any of them. See {@link Windows}.
 */
final class GroupWindows {
    private static final String GROUPS = "org.contactsync.queue.work.CommitGroups";
    private static final String RUN = "run(org.contactsync.sync.step.Step$ApplyChanges)";

    /** In the name of a device: its change begins a transaction, and goes on when one of {@link Windows#LETS_GO} has been sent. */
    static final String BEGINS = "begins-group";

    /** In the name of a device: its change waits until it is taken into a transaction. */
    static final String JOINS = "joins-group";

    /** In the name of a device: when all is written the process stops. */
    static final String STOPS = "stops-group";

    /** In the name of a device: when all is written, the first time, the transaction fails. */
    static final String FAILS = "fails-group";

    /** In the name of a device: its changes cannot be worked out. */
    static final String THROWS = "throws-in-group";

    private GroupWindows() {}

    static Windows of(LibertyServer server, Path directory) {
        return Windows.of(server, directory, GroupWindows::rules);
    }

    private static String rules(Windows windows) {
        String begun = "AFTER INVOKE " + GROUPS + ".begins";
        return String.join(
                "\n",
                windows.rule(
                        "one-at-a-time",
                        GROUPS,
                        "<init>(org.contactsync.queue.work.StepTransaction,int,int," + GROUPS
                                + "$Waits,java.util.function.IntConsumer)",
                        "AT EXIT",
                        "TRUE",
                        List.of("$0.leaders = 1")),
                windows.rule(
                        "patient",
                        GROUPS + "$Waits",
                        "most()",
                        "AT EXIT",
                        "TRUE",
                        List.of("RETURN java.time.Duration.ofMinutes(10L)")),
                windows.rule(BEGINS, GROUPS, RUN, begun, "TRUE", "waitFor(\"gathered\")"),
                windows.rule(JOINS, GROUPS, RUN, begun, "TRUE", ""),
                ofGroup(windows, STOPS, "TRUE", "waitFor(\"for ever\")"),
                ofGroup(
                        windows,
                        FAILS,
                        "incrementCounter(\"%s\") == 1".formatted(FAILS),
                        "THROW new java.lang.IllegalStateException(\"made to fail\")"),
                windows.rule(
                        THROWS,
                        "org.contactsync.sync.apply.IncrementalTasks",
                        "decide",
                        "AT ENTRY",
                        "$2.head().device().toString().contains(\"%s\")".formatted(THROWS),
                        List.of("THROW new java.lang.IllegalStateException(\"made to fail\")")));
    }

    /** Where all steps of a transaction are written, and none of them is committed. */
    private static String ofGroup(Windows windows, String mark, String condition, String effect) {
        return windows.rule(
                mark,
                "org.contactsync.sync.SharedCommits",
                "runGroup",
                "AT EXIT",
                "$1.steps().toString().contains(\"%s\") AND %s".formatted(mark, condition),
                List.of(effect));
    }
}
