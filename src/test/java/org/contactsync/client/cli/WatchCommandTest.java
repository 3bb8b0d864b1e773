package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code watch} as a process of its own, which a person or a service manager ends. */
class WatchCommandTest extends CommandTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** As shells count it: 128 and the number of the signal, SIGTERM. */
    private static final int TERMINATED = 143;

    private final List<Process> processes = new ArrayList<>();
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("contacts"));
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process each : processes) {
            each.destroyForcibly().waitFor();
        }
    }

    @Test
    void carriesChangesOverAndEndsInOrder() throws Exception {
        Process watch = start("one");
        await().atMost(LONG).until(() -> printed("one").contains("No changes."));
        assertThat(printed("one")).contains("  Watching " + folder.toRealPath() + " and http://");

        Files.writeString(folder.resolve("book.vcf"), MadeBooks.vcards(1, 1), StandardCharsets.UTF_8);
        await().atMost(LONG).until(() -> printed("one").contains("1 sent, 0 brought, 0 conflicts."));
        assertThat(server.book()).hasSize(1);
        await().atMost(LONG)
                .until(() -> cli.run("queue", "--json") == ExitCode.OK
                        && cli.json().getJsonArray("tasks").isEmpty());

        watch.destroy(); // SIGTERM
        assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(TERMINATED);
        assertThat(printed("one")).endsWith("  Ended. Nothing is unfinished.\n");
    }

    @Test
    void aSecondOneWaitsAndTakesOver() throws Exception {
        Process first = start("one");
        await().atMost(LONG).until(() -> printed("one").contains("No changes."));
        start("two", "--json");
        await().atMost(LONG).until(() -> printed("two").contains("\"event\":\"waits-for-process\""));

        first.destroy();
        server.put(new Uid("ada"), MadeBooks.contacts(2, 1).get(0).card());

        await().atMost(LONG).until(() -> printed("two").contains("\"event\":\"finished\""));
        assertThat(printed("two").lines()).allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"));
    }

    @Test
    void saysThatTheServerIsAwayAndWhatIsUnfinished() throws Exception {
        server.close();
        Process watch = start("one");
        await().atMost(LONG).until(() -> printed("one").contains("Not done: no answer from the server."));
        assertThat(printed("one")).contains("Tries again at ");

        watch.destroy();
        assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(printed("one")).contains("Ended. 1 task is unfinished, and will go on with the next watch or sync");
    }

    private Process start(String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("watch", folder.toString()));
        arguments.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(
                        ProgramProcess.words(List.of("-XX:TieredStopAtLevel=1"), arguments.toArray(String[]::new)))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve(name).toFile())
                .redirectError(directory.resolve(name + ".err").toFile());
        builder.environment().keySet().remove("CONTACT_SYNC_ACCOUNT");
        builder.environment().putAll(cli.environment());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private String printed(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
    }
}
