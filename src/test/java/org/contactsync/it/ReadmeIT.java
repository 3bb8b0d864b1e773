package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sessions of the README, and of the command line's document, do what they show: each command block is run as it stands there, in one shell, and prints what the
 * block after it says, where … stands for any text.
 */
@ExtendWith(SharedServer.class)
class ReadmeIT {
    private static final Pattern SESSION =
            Pattern.compile("<!-- session:begin -->\n(.*?)<!-- session:end -->", Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final String SERVER = "http://localhost:9080";
    private static final String END = "--- end of block ---\n";
    private static final long LONGEST_SECONDS = 120;

    private final LibertyServer server;

    @TempDir
    private Path directory;

    ReadmeIT(LibertyServer server) {
        this.server = server;
    }

    /** Commands, and what they print. */
    private record Step(String commands, String output) {
        Pattern expected() {
            return Pattern.compile(
                    Stream.of(output.strip().split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                    Pattern.DOTALL);
        }
    }

    @Test
    void everySessionDoesWhatItShows() throws Exception {
        assertDoWhatTheyShow(Path.of("README.md"), 2);
    }

    /** As in a shell in which the README's has been. */
    @Test
    void theCommandLineDoesWhatItsDocumentShows() throws Exception {
        assertDoWhatTheyShow(Path.of("docs", "command-line.md"), 2);
    }

    private void assertDoWhatTheyShow(Path document, int number) throws Exception {
        List<List<Step>> sessions = sessions(Files.readString(document));
        assertThat(sessions).hasSize(number);

        for (List<Step> session : sessions) {
            String[] printed = run(session).split(END, -1);

            assertThat(printed).as("%s", String.join("", printed)).hasSize(session.size() + 1);
            for (int i = 0; i < session.size(); i++) {
                assertThat(printed[i].strip())
                        .as(session.get(i).commands())
                        .matches(session.get(i).expected());
            }
        }
    }

    private static List<List<Step>> sessions(String readme) {
        return SESSION.matcher(readme)
                .results()
                .map(session -> steps(session.group(1)))
                .toList();
    }

    private static List<Step> steps(String session) {
        List<Step> steps = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(session).results().toList()) {
            if (block.group(1).equals("sh")) {
                steps.add(new Step(block.group(2), ""));
            } else {
                int last = steps.size() - 1;
                steps.set(last, new Step(steps.get(last).commands(), block.group(2)));
            }
        }
        return steps;
    }

    private String run(List<Step> session) throws IOException, InterruptedException {
        requireCurl();
        String address = server.uri("").toString();
        String script = session.stream()
                .map(step -> step.commands().replace(SERVER, address) + "printf '%s\\n' '" + END.strip() + "'\n")
                .collect(Collectors.joining("", "set -eu\n", ""));
        Path output = directory.resolve("output");
        Files.createDirectories(directory.resolve("home"));
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", "-c", "PATH=$PWD/target/contact-sync-cli/bin:$PATH\n" + script)
                .redirectErrorStream(false)
                .redirectError(directory.resolve("err").toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CONTACT_SYNC_SERVER", address);
        builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
        builder.environment().put("HOME", directory.resolve("home").toString());
        builder.environment().put("XDG_CONFIG_HOME", directory.resolve("config").toString());
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        Process process = builder.start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertThat(process.waitFor())
                .as("%s%n%s", Files.readString(output), Files.readString(directory.resolve("err")))
                .isZero();
        // a vCard's lines end with CR LF
        return Files.readString(output).replace("\r", "");
    }

    /** A build that must be complete fails without it. */
    private static void requireCurl() {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "curl")));
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(there, "curl is not installed");
        }
        assertThat(there).as("curl is installed").isTrue();
    }
}
