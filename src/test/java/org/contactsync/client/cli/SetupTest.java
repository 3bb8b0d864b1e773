package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.contactsync.client.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion and manual pages know every command and option. */
class SetupTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assumeTrue(Files.isExecutable(BASH), "no bash here");
        assertThat(run("completion", "bash")).isEqualTo(ExitCode.OK);
        Path script = Files.writeString(directory.resolve("completion"), out.toString());

        assertThat(completed(script, "contact-sync", "re")).contains("restore");
        assertThat(completed(script, "contact-sync", "push", "--on")).contains("--on-conflict");
    }

    @Test
    void zshGetsTheSameScriptWithWhatItNeedsForIt() {
        assertThat(run("completion", "zsh")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("autoload -U +X bashcompinit && bashcompinit\n");
        assertThat(run("completion", "fish")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void eachCommandHasAManualPage() throws IOException {
        assertThat(run("manual", "--all", directory.toString())).isEqualTo(ExitCode.OK);

        try (Stream<Path> pages = Files.list(directory)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .contains(
                            "contact-sync.1",
                            "contact-sync-push.1",
                            "contact-sync-restore.1",
                            "contact-sync-account-erase.1",
                            "contact-sync-doctor.1")
                    .doesNotContain("contact-sync-help.1");
        }
        String push = Files.readString(directory.resolve("contact-sync-push.1"));
        assertThat(push)
                .startsWith(".TH \"CONTACT-SYNC-PUSH\" \"1\"")
                .contains(".SH NAME\ncontact\\-sync\\-push \\- Sends the contacts of a file")
                .contains(".B \\-\\-on\\-conflict=file|server|stop\n", ".SH EXIT STATUS")
                .doesNotContain("\\-\\-token=", "\n\n");
        assertThat(run("manual", "account", "erase")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith(".TH \"CONTACT-SYNC-ACCOUNT-ERASE\"");
        assertThat(run("manual", "nonsense")).isEqualTo(ExitCode.USAGE);
    }

    /** Only an unpacked archive has what is installed. */
    @Test
    void installsNothingFromElsewhere() {
        assertThat(run("install", "--prefix", directory.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(directory).isEmptyDirectory();
    }

    private static List<String> completed(Path script, String... words) throws Exception {
        String shell = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_contact-sync; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process process = new ProcessBuilder(BASH.toString(), "-c", shell)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().map(String::strip).toList();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        return ContactSync.run(Map.of(), writer, writer, arguments);
    }
}
