package org.contactsync.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs Spin over {@code src/test/spin/group.pml} (its README says what it stands for): without an error as the service is, and
 * with one as soon as a protection is taken away, so that the model is known to be able to fail.
 */
class GroupModelIT {
    private static final Path MODEL = Path.of("src", "test", "spin", "group.pml");
    private static final int MOST_SECONDS = 900;

    @TempDir
    private Path directory;

    @BeforeEach
    void needsSpinAndACompiler() {
        for (String tool : List.of("spin", "cc")) {
            assumeTrue(
                    isThere(tool),
                    tool + " is not installed: the model is not checked (apt-get install spin gcc libc6-dev)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-DFAULTS=1",
                "-DFAULTS=1 -DPHONE=2 -DTABLET=0 -DGROUP=1",
                "-DFAULTS=0 -DGROUP=1",
                "-DFAULTS=0 -DTABLET=0 -DUPLOAD=1",
                "-DFAULTS=0 -DTABLET=0 -DUPLOAD=1 -DGROUP=1",
                "-DFAULTS=0 -DREVISION=0",
                "-DFAULTS=0 -DLOCK=0"
            })
    void whatWasAcceptedIsDoneOnceAndInOrder(String switches) {
        assertThat(safety(switches)).contains("errors: 0").doesNotContain("not completed", "depth too small");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-DFAULTS=1 -DLOCK=0 -DREVISION=0",
                "-DFAULTS=1 -DLOCK=0 -DREVISION=0 -DPARKING=0",
                "-DFAULTS=1 -DTABLET=0 -DUPLOAD=1 -DLOCK=0 -DREVISION=0",
                "-DFAULTS=1 -DRECEIPT=0",
                "-DFAULTS=1 -DSWEEPER=0",
                "-DFAULTS=0 -DSECOND=0",
                "-DFAULTS=0 -DPHONE=2 -DFREE=0",
                "-DFAULTS=0 -DSHARE=0 -DGROUP=1 -DFREE=0",
                "-DFAULTS=0 -DTABLET=0 -DUPLOAD=1 -DGROUP=1 -DFREE=0"
            })
    void withoutAProtectionItGoesWrong(String switches) {
        assertThat(safety(switches)).contains("errors: 1").contains("assertion violated");
    }

    @Test
    void whatWasAcceptedIsDoneInTheEndWhenNobodyIsHeldUpForEver() {
        run(spin("-DLIVENESS -DFAULTS=1 -DTABLET=0"));
        run(List.of("cc", "-O0", "-w", "-DCOLLAPSE", "-DNFAIR=4", "-o", "pan", "pan.c"));
        String result = run(List.of("./pan", "-a", "-f", "-m200000"));
        assertThat(result).contains("errors: 0", "fairness enabled").doesNotContain("not completed", "depth too small");
    }

    /** Not optimised: the compiler would take ten seconds, the check takes one. */
    private String safety(String switches) {
        run(spin(switches));
        run(List.of("cc", "-O0", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"));
        return run(List.of("./pan", "-m200000"));
    }

    private static List<String> spin(String switches) {
        List<String> command = new ArrayList<>(List.of("spin", "-a"));
        command.addAll(List.of(switches.split(" ")));
        command.add("group.pml");
        return command;
    }

    /** What the command has said; it must end well and in time. */
    private String run(List<String> command) {
        try {
            Path model = directory.resolve(MODEL.getFileName());
            if (Files.notExists(model)) {
                Files.copy(MODEL, model);
            }
            Path output = directory.resolve("output.txt");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String text = Files.readString(output);
            assertThat(ended).as("%s ends in time: %s", command, text).isTrue();
            assertThat(process.exitValue()).as("%s: %s", command, text).isZero();
            return text;
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean isThere(String tool) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
