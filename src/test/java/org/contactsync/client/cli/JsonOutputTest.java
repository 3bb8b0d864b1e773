package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;

/** With {@code --json} a command prints one line of JSON and nothing else on standard output. */
class JsonOutputTest extends CommandTest {
    @Test
    void ofAPushAndAPull() throws IOException {
        Path file = Files.writeString(directory.resolve("book.vcf"), MadeBooks.vcards(1, 12));
        assertThat(cli.run("push", "--json", "--dry-run", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getBoolean("dryRun")).isTrue();
        assertThat(cli.run("push", "--json", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getInt("added")).isEqualTo(12);
        assertThat(cli.json().getString("way")).isEqualTo("one-request");
        assertThat(cli.json().getString("checkCode"))
                .isEqualTo(server.checkCode().value());

        assertThat(cli.run("status", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getInt("count")).isEqualTo(12);
        assertThat(cli.json().getJsonArray("tasks")).isEmpty();

        Path pulled = directory.resolve("pulled.json");
        assertThat(cli.run("pull", "--json", "-o", pulled.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getInt("contacts")).isEqualTo(12);
        assertThat(cli.run("check-code", "--json", pulled.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getString("checkCode"))
                .isEqualTo(server.checkCode().value());
    }

    @Test
    void ofNoDevices() {
        assertThat(cli.run("devices", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getJsonArray("devices")).isEmpty();
        assertThat(cli.run("devices")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo("No devices.\n");
    }

    /** The book itself is on standard output then. */
    @Test
    void notBesideABook() {
        for (String command : new String[] {"pull", "export"}) {
            assertThat(cli.run(command, "--json")).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err()).contains("name one");
        }
    }
}
