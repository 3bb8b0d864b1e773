package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows what the book was, and brings it back. */
class PastCommandsTest extends CommandTest {
    @BeforeEach
    void start() throws IOException {
        server.put(new Uid("ada"), card("Ada"));
        server.put(new Uid("alan"), card("Alan"));
        server.put(new Uid("ada"), card("Ada King"));
    }

    /** Protocol 4.16.1. */
    @Test
    void showsWhatChangedTheBook() {
        assertThat(cli.run("history", "--limit", "2")).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines().toList()).hasSize(3);
        assertThat(cli.out())
                .startsWith("seq  time")
                .contains("3    20", "incremental", server.checkCode().value())
                .doesNotContain("\u001b");
        assertThat(cli.err()).isEqualTo("There are more: --before 2 shows them.\n");

        assertThat(cli.run("history", "--json", "--before", "2")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getJsonArray("changes")).hasSize(1);
        assertThat(cli.json().getJsonArray("changes").getJsonObject(0).getInt("put"))
                .isEqualTo(1);
        assertThat(cli.json().getBoolean("more")).isFalse();
    }

    /** Protocol 4.17.1 and 4.18.1. */
    @Test
    void showsEarlierVersionsAndDeletedContacts() throws IOException {
        cli.run(
                "push",
                "--confirm-deletes",
                "--replace",
                json("{\"uid\":\"ada\"," + body("Ada King")).toString());

        assertThat(cli.run("trash")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("  Alan  alan\n").doesNotContain("Ada");
        assertThat(cli.run("trash", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getJsonArray("contacts").getJsonObject(0).getString("uid"))
                .isEqualTo("alan");

        assertThat(cli.run("versions", "ada")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("  Ada       ada\n");
        assertThat(cli.run("versions", "--json", "ada")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("\"card\":{\"@type\":\"Card\",\"name\":{\"full\":\"Ada\"}");
        assertThat(cli.run("versions", "nobody")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).isEqualTo("There are no earlier versions of this contact.\n");
    }

    /** Protocol 4.18.2 and 4.18.3. */
    @Test
    void putsADeletedContactBack() throws IOException {
        String code = server.checkCode().value();
        cli.run(
                "push",
                "--confirm-deletes",
                "--replace",
                json("{\"uid\":\"ada\"," + body("Ada King")).toString());
        assertThat(server.book()).hasSize(1);

        assertThat(cli.run("restore", "alan")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).isEqualTo("Restored 1 contact. Check code " + code + ".\n");
        assertThat(server.book()).containsKey(new Uid("alan"));
        assertThat(cli.run("restore", "alan")).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.run("restore", "nobody")).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err()).contains("(not-found, status 404)");
    }

    /** Protocol 4.19.1 to 4.19.3: to a number, to a check code, to a time; it needs a yes where nobody can be asked. */
    @Test
    void makesTheBookWhatItWas() {
        CheckCode third = server.checkCode();

        assertThat(cli.run("restore", "--seq", "1", "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(cli.out())
                .contains("Restored: 1 contact added or changed, 1 deleted, 1 afterwards.")
                .contains("  added or changed  ada\n", "  deleted  alan\n");
        assertThat(server.checkCode()).isEqualTo(third);

        assertThat(cli.run("restore", "--seq", "1")).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err())
                .isEqualTo(
                        "The book would be as it was after change 1: 1 contact added or changed, 1 deleted, 1 afterwards."
                                + " Nothing was changed, because there is no terminal to ask at. Restore it with --yes.\n");
        assertThat(server.checkCode()).isEqualTo(third);

        assertThat(cli.run("restore", "--yes", "--seq", "1")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).startsWith("The book is as it was after change 1: 1 contact, check code ck1.");
        assertThat(server.book()).isEqualTo(Map.of(new Uid("ada"), card("Ada")));

        assertThat(cli.run("restore", "--json", "--yes", "--code", third.value()))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.json().getString("checkCode")).isEqualTo(third.value());
        assertThat(server.checkCode()).isEqualTo(third);

        assertThat(cli.run("restore", "--time", "2999-01-01")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo("The book is what it was then. Nothing was changed.\n");
        assertThat(cli.run("restore", "--seq", "0", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(server.book()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restore | Name either contacts of the trash",
                "restore alan --seq 1 | Name either contacts of the trash",
                "restore --seq 1 --time 2026-01-01 | Name either contacts of the trash",
                "restore --seq -1 | --seq has to be",
                "restore --code abc | A check code is ck1.",
                "restore --time yesterday | --time has to look like",
                "restore alan --dry-run | --dry-run is for a state",
                "history --limit 0 | --limit has to be from 1",
                "history --before -1 | --before has to be",
                "versions | Missing required parameter: 'UID'"
            })
    void saysWhatIsWrongWithTheArguments(String arguments, String told) {
        assertThat(cli.run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).startsWith(told);
        assertThat(cli.out()).isEmpty();
    }

    private Path json(String contact) throws IOException {
        return Files.writeString(directory.resolve("book.json"), "[" + contact + "]");
    }

    private static String body(String name) {
        return "\"card\":" + text(name) + "}";
    }

    private static CanonicalCard card(String name) {
        return CanonicalCard.ofTrusted(text(name).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String name) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
    }
}
