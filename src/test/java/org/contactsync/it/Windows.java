package org.contactsync.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules for the Byteman agent in a server's process: what happens to the steps of a device depends on the device's name. A
 * step that comes to its window leaves a file that says so. One thread at a time.
 */
final class Windows {
    private static final Duration REACHED = Duration.ofSeconds(60);

    private static final String RUNNER = "org.contactsync.queue.work.StepRunner";
    private static final String RUN = "run(org.contactsync.sync.step.Step,org.contactsync.queue.work.StepOutlet)";
    /** The transaction of a step in its session. */
    private static final String COMMITTED = "AFTER INVOKE org.contactsync.queue.work.StepRunner.runNow";

    private static final String RUN_IF_UNLOCKED = "runIfUnlocked(org.contactsync.sync.step.Step)";
    private static final String GATEWAY = "org.contactsync.queue.SyncGateway";
    private static final String ENGINE = "org.contactsync.sync.SyncEngine";
    private static final String SHARED = "org.contactsync.sync.SharedCommits";
    private static final String SENT_STEPS = "org.contactsync.queue.message.SentSteps";

    /** Several steps of a user in one transaction: what happens depends on the name of the first one's device. */
    private static final String RUN_TOGETHER =
            "runTogether(org.contactsync.sync.step.Series,org.contactsync.queue.work.StepOutlet)";

    private static final String RUN_SERIES = "runSeriesIfUnlocked(org.contactsync.sync.step.Series)";

    /** Where steps of the devices of these names stop, until the process is killed. */
    enum Stop {
        BEFORE_SEND(GATEWAY, "send(org.contactsync.sync.step.Step)", "AT ENTRY"),
        AFTER_ACCEPT_BEFORE_SEND(GATEWAY, "parkAndSend", "AT INVOKE execute"),
        BEFORE_CHUNK(RUNNER, RUN, "AT ENTRY"),
        BEFORE_DATABASE_COMMIT(ENGINE, RUN_IF_UNLOCKED, "AT EXIT"),
        AFTER_COMMIT_BEFORE_REPLY(RUNNER, RUN, COMMITTED),
        AFTER_REPLY_BEFORE_ACKNOWLEDGEMENT(RUNNER, RUN, "AT EXIT"),
        TOGETHER_BEFORE_DATABASE_COMMIT(SHARED, RUN_SERIES, "AT EXIT"),
        TOGETHER_AFTER_COMMIT(
                RUNNER, RUN_TOGETHER, "AFTER INVOKE org.contactsync.queue.work.StepTransaction.runSeriesIfUnlocked"),
        TOGETHER_AFTER_REPLIES(RUNNER, RUN_TOGETHER, "AT EXIT");

        private final String type;
        private final String method;
        private final String place;

        Stop(String type, String method, String place) {
            this.type = type;
            this.method = method;
            this.place = place;
        }
    }

    /** Where the first step of each device of these names fails. */
    enum Failure {
        /** The broker does not take the message. */
        OF_SEND(
                "org.contactsync.queue.message.Messages",
                "send(org.contactsync.sync.step.Step,long)",
                "AT ENTRY",
                "THROW new jakarta.jms.JMSRuntimeException(\"made to fail\")"),
        OF_DATABASE_COMMIT(
                ENGINE, RUN_IF_UNLOCKED, "AT EXIT", "THROW new java.lang.IllegalStateException(\"made to fail\")"),
        TOGETHER_OF_DATABASE_COMMIT(
                SHARED, RUN_SERIES, "AT EXIT", "THROW new java.lang.IllegalStateException(\"made to fail\")"),
        /** All is done and answered, but the broker does not hear of it and delivers the message again. */
        OF_ACKNOWLEDGEMENT(RUNNER, RUN, "AT EXIT", "THROW new java.lang.IllegalStateException(\"made to fail\")"),
        /** The answer is not sent. */
        OF_REPLY(RUNNER, RUN, COMMITTED, "RETURN");

        private final String type;
        private final String method;
        private final String place;
        private final String effect;

        Failure(String type, String method, String place, String effect) {
            this.type = type;
            this.method = method;
            this.place = place;
            this.effect = effect;
        }
    }

    /** The name of the device whose first step keeps its session until a step of {@link #LETS_GO} has been sent. */
    static final String GATHERS = "gathers";

    static final String LETS_GO = "lets-go";

    /** The name of a device to whose steps nothing happens. */
    static final String UNHURT = "unhurt";

    private static final String SENT = "sent-";

    /** The name of the device whose steps cannot be read, neither from a message nor from a row, until {@link #heal}. */
    static final String POISONED = "is-poisoned";

    private static final String HEALED = "healed";

    /** The mark of an answer that is left to the servlet container's write listener. */
    private static final String WRITE_LISTENER = "write-listener";

    private final Path reached;

    private Windows(Path reached) {
        this.reached = reached;
    }

    /** Gives the server the agent, from its next start on. */
    static Windows of(LibertyServer server, Path directory) {
        return of(server, directory, windows -> "");
    }

    /** The same, with more rules. */
    static Windows of(LibertyServer server, Path directory, Function<Windows, String> more) {
        try {
            Windows windows = new Windows(Files.createDirectories(directory.resolve("reached")));
            Path script =
                    Files.writeString(directory.resolve("windows.btm"), windows.rules() + "\n" + more.apply(windows));
            String agent = agent();
            // The classes of the agent are the boot loader's; bundles and applications must be let see them.
            server.with(
                    "JVM_ARGS",
                    "-javaagent:%s=boot:%s,script:%s -Dorg.osgi.framework.bootdelegation=org.jboss.byteman.*"
                            .formatted(agent, agent, script));
            return windows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of the device whose steps stop there. */
    static String device(Stop stop) {
        return "stops-" + stop;
    }

    static String device(Failure failure) {
        return "fails-" + failure;
    }

    /** Returns when so many steps have come there. */
    void awaitReached(Stop stop, int steps) {
        awaitReached(device(stop), steps);
    }

    /** How many steps stand there. */
    int timesReached(Stop stop) {
        return times(device(stop));
    }

    /** How often a step of such a device has come to the place of its failure. */
    int timesReached(Failure failure) {
        return times(device(failure));
    }

    void awaitReached(Failure failure, int times) {
        awaitReached(device(failure), times);
    }

    /** Returns when the session of {@link #GATHERS} waits. */
    void awaitGathering(int times) {
        awaitReached(GATHERS, times);
    }

    /** Returns when so many steps of the device have been sent. */
    void awaitSent(String device, int steps) {
        awaitReached(SENT + device, steps);
    }

    /** Steps of the poisoned device can be read from now on. */
    void heal() {
        try {
            Files.createFile(reached.resolve(HEALED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often it was tried to read them. */
    int readingsPoisoned() {
        return times(POISONED);
    }

    /** How many answers were left to the servlet container's write listener, which takes requests for each other. */
    int answersByWriteListener() {
        return times(WRITE_LISTENER);
    }

    void awaitReached(String device, int times) {
        await(device + " reached").atMost(REACHED).until(() -> times(device) >= times);
    }

    int times(String device) {
        try (Stream<Path> files = Files.list(reached)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith(device + "."))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String rules() {
        Stream<String> stops = Stream.of(Stop.values())
                .map(stop -> rule(device(stop), stop.type, stop.method, stop.place, "TRUE", "waitFor(\"for ever\")"));
        Stream<String> failures = Stream.of(Failure.values())
                .map(failure -> rule(
                        device(failure),
                        failure.type,
                        failure.method,
                        failure.place,
                        "incrementCounter(\"%s\") == 1".formatted(device(failure)),
                        failure.effect));
        // Says that a message came again: the rule above lets it pass.
        Stream<String> again = Stream.of(rule(
                device(Failure.OF_ACKNOWLEDGEMENT),
                RUNNER,
                RUN,
                "AT ENTRY",
                "readCounter(\"%s\") == 1".formatted(device(Failure.OF_ACKNOWLEDGEMENT)),
                ""));
        Stream<String> listener = Stream.of(rule(
                WRITE_LISTENER,
                "com.ibm.ws.webcontainer31.async.listener.WriteListenerRunnable",
                "run",
                "AT ENTRY",
                "TRUE",
                List.of()));
        Stream<String> poison = Stream.of(rule(
                POISONED,
                "org.contactsync.sync.step.StepCodec",
                "read",
                "AT EXIT",
                "$!.head().device().toString().contains(\"%s\") AND NOT healed.exists()".formatted(POISONED),
                List.of("THROW new java.lang.IllegalArgumentException(\"made to fail\")")));
        Stream<String> gathered = Stream.of(
                rule(GATHERS, RUNNER, RUN, "AT ENTRY", "TRUE", "waitFor(\"gathered\")"),
                rule(LETS_GO, SENT_STEPS, "add", "AT EXIT", "TRUE", "signalWake(\"gathered\", true)"));
        Stream<String> sent = Stream.of(
                        Stream.of(UNHURT),
                        Stream.of(Stop.values()).map(Windows::device),
                        Stream.of(Failure.values()).map(Windows::device))
                .flatMap(devices -> devices)
                .map(device -> rule(
                        SENT + device,
                        SENT_STEPS,
                        "add",
                        "AT EXIT",
                        "$1.head().device().toString().contains(\"%s\")".formatted(device),
                        List.of()));
        return Stream.of(stops, failures, again, listener, poison, gathered, sent)
                .flatMap(rules -> rules)
                .collect(Collectors.joining("\n"));
    }

    /** For the steps of one device. */
    String rule(String device, String type, String method, String place, String condition, String effect) {
        return rule(
                device,
                type,
                method,
                place,
                "$1.head().device().toString().contains(\"%s\") AND %s".formatted(device, condition),
                effect.isEmpty() ? List.of() : List.of(effect));
    }

    /** For whatever comes there. */
    String rule(String mark, String type, String method, String place, String condition, List<String> effects) {
        return String.join(
                "\n",
                "RULE " + mark + " " + place,
                "CLASS " + type,
                "METHOD " + method,
                place,
                "BIND mark = new java.io.File(\"%s\", \"%s.\" + java.lang.System.nanoTime());".formatted(reached, mark),
                "healed = new java.io.File(\"%s\", \"%s\")".formatted(reached, HEALED),
                "IF " + condition,
                "DO "
                        + String.join(
                                ";\n",
                                Stream.concat(Stream.of("mark.createNewFile()"), effects.stream())
                                        .toList()),
                "ENDRULE",
                "");
    }

    private static String agent() {
        try {
            return Path.of(org.jboss.byteman.agent.Main.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
