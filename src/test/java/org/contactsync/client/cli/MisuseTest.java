package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.cli.ProgramProcess.Ended;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person is told who does something wrong: what it was, in a line or two, without Java. */
class MisuseTest {
    private static final int MOST_LINES = 3;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new TreeMap<>();
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        environment.put("CONTACT_SYNC_TOKEN", server.account().token());
        environment.put("CONTACT_SYNC_SERVER", server.account().server().toString());
        environment.put("XDG_STATE_HOME", directory.toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "push | Missing required parameter: 'FILE'.",
                "push --wrong book.vcf | Unknown option: '--wrong'.",
                "push --on-conflict=mine book.vcf | Invalid value for option '--on-conflict'",
                "pull --format xml | Invalid value for option '--format'",
                "pusk | Unmatched argument at index 0: 'pusk'.",
                "status extra | Unmatched argument at index 1: 'extra'.",
                "token | Missing required option: '--user=NAME'."
            })
    void saysWhatIsWrongAndNotAllThatThereIs(String arguments, String told) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).startsWith(told).doesNotContain("Usage:", "Exit codes");
        assertThat(err.toString().lines().toList()).hasSizeLessThanOrEqualTo(MOST_LINES);
        assertThat(err.toString().lines().reduce((a, b) -> b).orElseThrow()).matches("See contact-sync.* --help\\.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tellsAFolderAMissingFileAndAMissingPermissionApart() {
        assertThat(run("push", directory.toString())).isEqualTo(ExitCode.BAD_FILE);
        assertThat(told()).isEqualTo("There is no .vcf file in the folder " + directory + ".");
        assertThat(run("import", directory.toString())).isEqualTo(ExitCode.BAD_FILE);
        assertThat(told()).isEqualTo(directory + " is a folder. Name a file in it.");

        assertThat(run("check-code", "--key", server.key().base64Url(), "nowhere.vcf"))
                .isEqualTo(ExitCode.BAD_FILE);
        assertThat(told()).isEqualTo("There is no file nowhere.vcf.");

        assertThat(Failure.of(new AccessDeniedException("book.vcf")).lines())
                .containsExactly("You do not have permission for book.vcf.");

        assertThat(run("pull", "-o", directory.resolve("none").resolve("b.json").toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(told()).isEqualTo("There is no file or folder " + directory.resolve("none") + ".");

        assertThat(run("pull", "-o", directory.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(told()).contains("it is a directory; name a file in it");
    }

    @Test
    void readsStandardInput() throws Exception {
        Path book = Files.writeString(directory.resolve("b.vcf"), MadeBooks.vcards(1, 3), StandardCharsets.UTF_8);
        Ended ended = new ProgramProcess(directory, environment)
                .run(ProgramProcess.words(List.of(), "push", "-"), book.toFile());

        assertThat(ended.exitCode()).as("%s", ended).isEqualTo(ExitCode.OK);
        assertThat(ended.out()).contains("added 3");
        assertThat(server.book()).hasSize(3);
    }

    @Test
    void writesForItsOwnerOnlyAndThroughNoLink() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "other");
        Path link = Files.createSymbolicLink(directory.resolve("link"), other);

        assertThat(run("pull", "-o", link.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(told()).contains("symbolic link");
        assertThat(other).hasContent("other");

        assertThat(run("pull", "-o", directory.resolve("book").toString())).isEqualTo(ExitCode.OK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("book"))))
                .isEqualTo("rw-------");
    }

    /** Protocol 12.5. */
    @Test
    void takesNoTokenFromTheCommandLineAndDoesNotRepeatIt() {
        for (String[] arguments : new String[][] {
            {"status", "--token", "secret-token"}, {"status", "--token=secret-token"}, {"status", "--token"}
        }) {
            assertThat(run(arguments)).isEqualTo(ExitCode.USAGE);
            assertThat(told())
                    .contains("Everybody on this machine can see a token", "--token-file")
                    .doesNotContain("secret-token");
        }
    }

    @Test
    void readsATokenFromAFile() throws IOException {
        environment.remove("CONTACT_SYNC_TOKEN");
        String book = directory.resolve("book.json").toString();
        Path file = Files.writeString(directory.resolve("token"), "token-of-ada\n");
        assertThat(run("pull", "-o", book, "--token-file", file.toString())).isEqualTo(ExitCode.OK);
        told();

        Files.writeString(file, "two\nlines");
        assertThat(run("pull", "-o", book, "--token-file", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains("one line");

        assertThat(run("pull", "-o", book, "--token-file", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(told()).isEqualTo("There is no file nowhere.");
    }

    @Test
    void sendsNoTokenInClearTextToAnotherMachine() {
        assertThat(run("status", "--server", "http://contacts.example.com")).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains("is not encrypted", "Use https://");

        assertThat(run("status", "--server", "contacts example")).isEqualTo(ExitCode.USAGE);
        assertThat(told()).contains("has to look like https://contacts.example.com");
    }

    @Test
    void namesNoJavaClassWhenNobodyAnswers() {
        server.close();
        assertThat(run("status", "--server", "http://127.0.0.1:1")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString())
                .contains("Waiting for the server: the connection was refused; retry 1 in 0.")
                .contains(
                        "No answer from http://127.0.0.1:1: the connection was refused. Check that the server is running")
                .doesNotContain("Exception", "null");
    }

    /** Deep, endless or with a number of a million digits: refused in a moment, not with a stack of Java. */
    @Test
    void refusesFilesThatAreNotMeantWell() throws IOException {
        String card = "BEGIN:VCARD\r\nVERSION:2.1\r\n";
        Map<String, String> files = Map.of(
                "deep.json", "[".repeat(2_000_000),
                "deeper.json", "[{\"uid\":\"a\",\"card\":" + "{\"a\":".repeat(100_000),
                "number.json", "[{\"uid\":\"a\",\"card\":{\"a\":" + "9".repeat(2_000_000) + "}}]",
                "twice.json", "[{\"uid\":\"a\",\"card\":{\"a\":1,\"a\":2}}]",
                "deep.vcf", (card + "AGENT:\r\n").repeat(20_000) + "END:VCARD\r\n".repeat(20_000),
                "lines.vcf", card + "TEL:1\r\n".repeat(600_000) + "END:VCARD\r\n",
                "long.vcf", card + "NOTE:" + "x".repeat(34 << 20) + "\r\nEND:VCARD\r\n");
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = Files.writeString(directory.resolve(each.getKey()), each.getValue());
            assertThat(run("push", file.toString())).as(each.getKey()).isEqualTo(ExitCode.BAD_FILE);
            assertThat(told())
                    .startsWith(file + ": ")
                    .endsWith(".")
                    .hasSizeLessThan(400)
                    .doesNotContain("Exception", "jakarta", "\n");
        }
    }

    @Test
    void knowsWhatItsStartArchiveRuns() throws IOException {
        assertThat(StartArchive.run()).isTrue();
    }

    private String told() {
        String text = err.toString().stripTrailing();
        err.getBuffer().setLength(0);
        return text;
    }

    private int run(String... arguments) {
        return ContactSync.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
