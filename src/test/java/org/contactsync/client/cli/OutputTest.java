package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.cli.ProgramProcess.Ended;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Where the results of commands go, and that they arrive there. */
class OutputTest extends CommandTest {
    /** A disk without room. */
    private static final Path FULL = Path.of("/dev/full");

    @Test
    void saysThatTheDiskIsFull() throws Exception {
        Assumptions.assumeTrue(Files.exists(FULL), "no /dev/full here");
        putAda();
        for (String command : List.of("status", "pull", "export")) {
            Ended ended = shell(program(command) + " > " + FULL);

            assertThat(ended.exitCode()).as("%s", ended).isEqualTo(ExitCode.FAILED);
            assertThat(ended.err()).startsWith("The command is done, but its output cannot be written: ");
        }
    }

    @Test
    void endsQuietlyIfTheReaderHasHadEnough() throws Exception {
        putAda();

        Ended ended = shell("{ " + program("export") + "; echo exit code $? >&2; } | true");

        assertThat(ended.err()).isEqualTo("exit code 0\n");
    }

    @Test
    void anExportNamesItsFileEitherWay() throws IOException {
        putAda();
        Path one = directory.resolve("one.vcf");
        Path two = directory.resolve("two.vcf");

        assertThat(cli.run("export", one.toString())).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("export", "-o", two.toString())).isEqualTo(ExitCode.OK);
        assertThat(one).hasSameTextualContentAs(two).content().contains("FN:Ada");

        assertThat(cli.run("export", "-o", two.toString(), one.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("Name the file once");
    }

    /** Protocol 7.2: the request is accepted and waits, and its answer was lost. */
    @Test
    void anImportFollowsTheTaskOfAKeyThatIsInProgress() throws IOException {
        server.applyAfterPolls(3);
        server.loseAnswers((request, times) -> request.equals("POST /v1/book/import") && times == 1);
        Path file = Files.writeString(directory.resolve("book.vcf"), MadeBooks.vcards(1, 3), StandardCharsets.UTF_8);

        assertThat(cli.run("import", file.toString())).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).isEqualTo("3 contacts read, 3 added or changed, 0 not imported\n");
        assertThat(server.keys()).hasSize(1);
    }

    private void putAda() {
        String card = "{\"@type\":\"Card\",\"name\":{\"full\":\"Ada\"},\"version\":\"1.0\"}";
        server.put(new Uid("ada"), CanonicalCard.ofTrusted(card.getBytes(StandardCharsets.UTF_8)));
    }

    private Ended shell(String line) throws Exception {
        return new ProgramProcess(directory, cli.environment()).run(List.of("/bin/sh", "-c", line));
    }

    private static String program(String... arguments) {
        return ProgramProcess.words(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"), arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
