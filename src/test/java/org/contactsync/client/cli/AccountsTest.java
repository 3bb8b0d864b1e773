package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.contactsync.client.HostileServer;
import org.contactsync.client.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration file names accounts; server and token always come from the same place. */
class AccountsTest extends CommandTest {
    @Test
    void takesTheTokenFromAFileOrACommand() throws IOException {
        cli.environment().clear();
        cli.environment().put("XDG_CONFIG_HOME", directory.resolve("config").toString());
        Path token = Files.writeString(directory.resolve("token"), "token-of-ada\n");
        configure(
                "account = a",
                "[a]",
                address(),
                "token-file = " + token,
                "[b]",
                address(),
                "token-command = cat " + token,
                "[c]",
                address());

        assertThat(cli.run("status")).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("status", "--account=b")).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("status", "--account=c")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.err()).isEqualTo("No token for the account c. Run contact-sync login --account c.\n");
        cli.environment().put("CONTACT_SYNC_ACCOUNT", "c");
        assertThat(cli.run("status")).isEqualTo(ExitCode.UNAUTHORIZED);

        Files.writeString(token, "");
        cli.environment().remove("CONTACT_SYNC_ACCOUNT");
        assertThat(cli.run("status", "--account=b")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.err()).contains("The token-command printed no token");
    }

    /** Protocol 12.5: not the variable's token to the account's server, and not the account's token to another one. */
    @Test
    void sendsNoTokenToAServerThatItIsNotMeantFor() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "token-of-the-account");
        StringBuilder seen = new StringBuilder();
        try (HostileServer other = new HostileServer(exchange -> {
            seen.append(exchange.getRequestHeaders().getFirst("Authorization"));
            HostileServer.answer(exchange, 418, "{}");
        })) {
            configure("[a]", "server = " + other.uri(), "token-file = " + token);
            cli.environment().put("CONTACT_SYNC_TOKEN", "token-of-the-variable");

            cli.run("status", "--account", "a");
            assertThat(seen.toString()).contains("token-of-the-account").doesNotContain("variable");

            seen.setLength(0);
            cli.run("status", "--server", other.uri().toString());
            assertThat(seen.toString()).doesNotContain("token-of-the-account");
            assertThat(cli.run(
                            "status", "--account", "a", "--server", other.uri().toString()))
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    /** Who has set the variables has chosen: as before there was a file. */
    @Test
    void leavesTheFileAloneIfTheVariablesAreSet() throws IOException {
        configure("[a]", "server = https://contacts.example.com");

        assertThat(cli.run("status")).as(cli.err()).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[a b] | line 1: the name of an account",
                "[a];[a] | line 2: the account a occurs twice.",
                "[a];colour = red | line 2: unknown key colour; known are client-id, device,",
                "server = https://x | line 1: unknown key server; known are account",
                "[a];token = secret | line 2: a token does not belong here",
                "[a];hello | line 2: a line is [NAME]",
                "[a];server = a b | an address of the account a does not look like",
                "account = b;[a] | there is no account b."
            })
    void saysWhatIsWrongInTheFile(String lines, String told) throws IOException {
        configure(lines.split(";"));

        assertThat(cli.run("status", "--account", "a")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains(directory.resolve("config/contact-sync/config").toString(), told)
                .doesNotContain("secret");
    }

    private String address() {
        return "server = " + server.account().server();
    }

    private void configure(String... lines) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("config/contact-sync"));
        Path file = folder.resolve("config");
        Files.writeString(file, String.join("\n", lines) + "\n");
    }
}
