package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.contactsync.client.FakeServer;
import org.contactsync.client.cli.terminal.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signs a person in at an issuer, keeps the token where only its owner can read it, and renews it. */
class LoginTest {
    @TempDir
    private Path directory;

    private FakeServer server;
    private Issuer issuer;
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        issuer = new Issuer();
        cli = new CommandRun(server, directory);
        cli.environment().remove("CONTACT_SYNC_TOKEN");
        cli.environment().remove("CONTACT_SYNC_SERVER");
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
    }

    @Test
    void signsInWithACodeAndKeepsTheToken() throws IOException {
        issuer.answers("authorization_pending", "first-token 3600 refresh-1");

        assertThat(logIn()).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(cli.err()).contains(issuer.address() + "/activate", "WDJB-MJHT");
        assertThat(cli.out()).contains("Logged in to " + server.account().server() + " as account work: 0 contacts.");
        assertThat(cli.out() + cli.err()).doesNotContain("first-token", "refresh-1", "secret-device-code");
        assertThat(issuer.requests().get(0))
                .containsEntry("client_id", "the-client")
                .containsEntry("scope", "openid offline_access");
        assertThat(issuer.requests().get(1))
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                .containsEntry("device_code", "secret-device-code");
        Path kept = directory.resolve("state/contact-sync/tokens/work.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("state/contact-sync"))))
                .isEqualTo("rwx------");
        assertThat(Files.readString(directory.resolve("config/contact-sync/config")))
                .isEqualTo("[work]\nserver = " + server.account().server() + "\nissuer = " + issuer.address()
                        + "\nclient-id = the-client\n");

        assertThat(cli.run("status")).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("status", "--account", "work")).isEqualTo(ExitCode.OK);
        assertThat(cli.run("status", "--account", "home")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).startsWith("There is no account home in ");
    }

    /** RFC 6749 section 6: also a new refresh token. */
    @Test
    void renewsATokenBeforeItEnds() throws IOException {
        issuer.answers("first-token 30 refresh-1", "second-token 3600 refresh-2");
        logIn();

        assertThat(cli.run("status")).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("status")).isEqualTo(ExitCode.OK);

        assertThat(issuer.requests()).hasSize(3);
        assertThat(issuer.requests().get(2))
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("refresh_token", "refresh-1");
        assertThat(Files.readString(directory.resolve("state/contact-sync/tokens/work.json")))
                .contains("second-token", "refresh-2")
                .doesNotContain("first-token");
    }

    @Test
    void saysThatOneHasToLogInAgain() {
        issuer.answers("first-token 30 refresh-1", "invalid_grant");
        logIn();

        assertThat(cli.run("status")).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(cli.err()).contains("The token cannot be renewed", "(invalid-grant)", "Log in again.");
    }

    @Test
    void endsWhenThePersonRefuses() {
        issuer.answers("access_denied");

        assertThat(logIn()).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err()).contains("The sign-in was refused at the issuer.");
        assertThat(directory.resolve("state")).doesNotExist();
        assertThat(directory.resolve("config")).doesNotExist();
    }

    /** Nothing that it says is trusted: not who it is, and not where codes and tokens are to be sent. */
    @Test
    void sendsNothingWhereItMustNotGo() {
        issuer.claims("https://id.example.com");
        assertThat(logIn()).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err()).contains("(wrong-issuer)");

        issuer.claims(issuer.address());
        issuer.namesDeviceEndpoint("http://id.example.com/device");
        assertThat(logIn()).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err()).contains("(unsafe-endpoint)");

        assertThat(cli.run("login", "--issuer", "http://id.example.com", "--client-id", "x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("is not encrypted");
        assertThat(issuer.requests()).isEmpty();
    }

    @Test
    void keepsNoTokenThatTheServerDoesNotAccept() {
        issuer.answers("first-token 3600 refresh-1");
        server.answerWith(401, "unauthorized", request -> true);

        assertThat(logIn()).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(cli.run("login")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--issuer", "--client-id", "--user NAME");
    }

    private int logIn() {
        return cli.run(
                "login",
                "--account",
                "work",
                "--server",
                server.account().server().toString(),
                "--issuer",
                issuer.address(),
                "--client-id",
                "the-client");
    }
}
