package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.contactsync.client.BookJson;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSyncTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pushesAFileAndSaysWhatItDid() throws IOException {
        assertThat(run("push", book(12).toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("added 12, changed 0, deleted 0, unchanged 0.")
                .contains("Check code " + server.checkCode() + ", sent in one request");
        assertThat(server.book()).hasSize(12);
    }

    /** Whoever types it waits for it; a schedule does not. */
    @Test
    void aPushIsOfAPersonUnlessItSaysOtherwise() throws IOException {
        run("push", book(12).toString());
        run("push", "--background", book(11).toString());

        assertThat(server.priorities()).containsExactly(Optional.of("u=2"), Optional.empty());
    }

    @Test
    void saysNothingWhenItIsToldToBeQuiet() throws IOException {
        assertThat(run("push", "--quiet", book(12).toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString() + err).isEmpty();
    }

    @Test
    void computesTheCodeThatTheServerHas() throws IOException {
        Path file = book(12);
        run("push", "--quiet", file.toString());

        run("check-code", "--key", server.key().base64Url(), file.toString());

        assertThat(out.toString().strip()).isEqualTo(server.checkCode().value());
    }

    @Test
    void pullsWhatCanBePushedAgain() throws IOException {
        run("push", "--quiet", book(12).toString());
        Path pulled = directory.resolve("pulled.json");

        assertThat(run("pull", "--output", pulled.toString())).isEqualTo(ExitCode.OK);
        assertThat(run("push", pulled.toString())).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("unchanged 12").contains("nothing sent, 1 request");
    }

    @Test
    void writesNoFileFromAListingThatIsCutShort() throws IOException {
        run("push", "--quiet", book(12).toString());
        server.cutListings(Integer.MAX_VALUE);
        Path pulled = directory.resolve("pulled.json");

        assertThat(run("pull", "--output", pulled.toString())).isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString()).contains("incomplete");
        assertThat(pulled).doesNotExist();
    }

    @Test
    void namesTheFileThatIsNotThere() {
        assertThat(run("push", "nowhere.vcf")).isEqualTo(ExitCode.BAD_FILE);

        assertThat(err.toString()).contains("There is no file nowhere.vcf.").doesNotContain("Exception");
    }

    @Test
    void namesTheContactThatIsWrongInAJsonFile() throws IOException {
        Path file = Files.writeString(directory.resolve("b.json"), "[{\"uid\":\"a\",\"card\":{\"x\":1.5}}]");

        assertThat(run("push", file.toString())).isEqualTo(ExitCode.BAD_FILE);
        assertThat(err.toString()).contains("contact 1 (a): not-an-integer");
    }

    @Test
    void tellsWhenTheServerDoesNotAnswer() throws IOException {
        Path file = book(1);
        server.close();

        assertThat(run("push", file.toString())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("Check that the server is running");
    }

    @Test
    void tellsThatTheTokenIsNotAccepted() throws IOException {
        server.answerWith(401, "unauthorized", request -> true);

        assertThat(run("push", book(1).toString())).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(err.toString()).contains("unauthorized");
    }

    @Test
    void asksForConsentBeforeItEmptiesTheBook() throws IOException {
        run("push", "--quiet", book(3).toString());
        Path empty = Files.writeString(directory.resolve("empty.vcf"), "");

        assertThat(run("push", empty.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("3 of the 3 contacts on the server would be deleted", "--confirm-deletes");
        assertThat(server.book()).hasSize(3);
    }

    @Test
    void namesContactsThatWereChangedHereAndElsewhere() throws IOException {
        changeOnBothSides();

        assertThat(run("push", "--quiet", "--on-conflict=stop", json("here").toString()))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("Nothing was sent: 1 contact was changed here and elsewhere: contact 1 (a).");

        assertThat(run("push", "--quiet", "--on-conflict=server", json("here").toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(err.toString())
                .contains("1 contact was changed here and elsewhere; the server's version was kept: contact 1 (a).");

        assertThat(run("push", "--quiet", json("here").toString())).isEqualTo(ExitCode.OK);
        assertThat(err.toString())
                .contains("1 contact was changed here and elsewhere; this file's version was kept: contact 1 (a)."
                        + " The other version is in " + directory.resolve("contact-sync"));
    }

    @Test
    void refusesToReplaceAndToKeepTheServersVersion() throws IOException {
        assertThat(run("push", "--replace", "--on-conflict=server", json("here").toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void explainsItsChoicesForConflictsInTheHelp() {
        run("push", "--help");

        assertThat(out.toString()).contains("--on-conflict=file|server|stop");
    }

    @Test
    void listsItsExitCodesInTheHelp() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("3    no answer from the server");
    }

    @Test
    void refusesAnUnknownOption() {
        assertThat(run("push", "--wrong")).isEqualTo(ExitCode.USAGE);
    }

    private void changeOnBothSides() throws IOException {
        run("push", "--quiet", json("before").toString());
        FoundContact elsewhere;
        try {
            elsewhere = BookJson.read(Files.readAllBytes(json("elsewhere"))).get(0);
        } catch (UnreadableBook e) {
            throw new AssertionError(e);
        }
        server.put(elsewhere.uid(), elsewhere.card());
    }

    private Path json(String name) throws IOException {
        return Files.writeString(
                directory.resolve("one.json"),
                "[{\"uid\":\"a\",\"card\":{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":{\"full\":\"" + name
                        + "\"}}}]");
    }

    private Path book(int contacts) throws IOException {
        return Files.writeString(directory.resolve("book.vcf"), MadeBooks.vcards(1, contacts));
    }

    private int run(String... arguments) {
        Map<String, String> environment = Map.of(
                "CONTACT_SYNC_TOKEN", server.account().token(),
                "CONTACT_SYNC_SERVER", server.account().server().toString(),
                "XDG_STATE_HOME", directory.toString());
        return ContactSync.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
