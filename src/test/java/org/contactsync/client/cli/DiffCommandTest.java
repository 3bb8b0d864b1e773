package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Test;

/** Says what differs between a file and the server's book, and who made the difference. */
class DiffCommandTest extends CommandTest {
    @Test
    void nothingDiffersAfterAPush() throws IOException {
        Path file = file(contact("a", "Ada"), contact("b", "Bob"));
        cli.run("push", file.toString());

        assertThat(cli.run("diff", file.toString())).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).isEqualTo("0 only in the file, 0 different, 0 only on the server, 2 the same.\n");
    }

    @Test
    void tellsWhoChangedAContact() throws IOException {
        cli.run(
                "push",
                file(
                                contact("gone here", "Gone"),
                                contact("gone there", "Away"),
                                contact("here", "Here"),
                                contact("there", "There"),
                                contact("both", "Both"),
                                contact("same", "Same"))
                        .toString());
        server.put(new Uid("there"), card("There 2"));
        server.put(new Uid("both"), card("Both 2"));
        server.put(new Uid("new there"), card("New there"));
        Path file = file(
                contact("new here", "New here"),
                contact("gone there", "Away"),
                contact("here", "Here 1"),
                contact("there", "There"),
                contact("both", "Both 1"),
                contact("same", "Same"));
        server.delete(new Uid("gone there"));

        assertThat(cli.run("diff", file.toString())).isEqualTo(ExitCode.REFUSED);

        assertThat(cli.out()).isEqualTo("""
                ~ Both 1  both  (changed in the file and by another device)
                    name/full: "Both 2" → "Both 1"
                - Gone  gone here  (deleted in the file)
                + Away  gone there  (deleted by another device)
                ~ Here 1  here  (changed in the file)
                    name/full: "Here" → "Here 1"
                + New here  new here  (new in the file)
                - New there  new there  (added by another device)
                ~ There  there  (changed by another device)
                    name/full: "There 2" → "There"
                2 only in the file, 3 different, 2 only on the server, 1 the same.
                """);
        assertThat(cli.run("diff", "--json", file.toString())).isEqualTo(ExitCode.REFUSED);
        JsonObject both = cli.json().getJsonArray("changed").getJsonObject(0);
        assertThat(both.getString("changedBy")).isEqualTo("both");
        assertThat(both.getJsonArray("fields").getJsonObject(0).toString())
                .isEqualTo("{\"path\":\"name/full\",\"server\":\"Both 2\",\"file\":\"Both 1\"}");
        assertThat(cli.json().getInt("same")).isEqualTo(1);
    }

    /** It changes nothing: no state, no book. */
    @Test
    void doesNotGuessWhereNothingWasPushed() throws IOException {
        server.put(new Uid("a"), card("Ada"));

        assertThat(cli.run(
                        "diff",
                        file(contact("a", "Ada King"), contact("b", "Bob")).toString()))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(cli.out()).contains("~ Ada King  a  (never pushed from here)\n", "+ Bob  b\n");
        assertThat(directory.resolve("state")).doesNotExist();
        assertThat(server.book()).hasSize(1);
    }

    private Path file(String... contacts) throws IOException {
        return Files.writeString(
                directory.resolve("book.json"), Arrays.stream(contacts).collect(Collectors.joining(",", "[", "]")));
    }

    private static String contact(String uid, String name) {
        return "{\"uid\":\"" + uid + "\",\"card\":" + text(name) + "}";
    }

    private static CanonicalCard card(String name) {
        return CanonicalCard.ofTrusted(text(name).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String name) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
    }
}
