package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.FakeServer;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code sync} makes a folder and the server's book the same, in both directions, and {@code queue} tells what it could not finish. */
class SyncCommandTest extends CommandTest {
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(directory.resolve("contacts"));
    }

    @Test
    void carriesChangesBothWays() throws IOException {
        write("ada.vcf", "ada", "Ada");
        server.put(new Uid("bob"), card("Bob"));

        assertThat(sync()).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .startsWith("1 sent, 1 brought, 0 conflicts.\n")
                .contains("Check code " + server.checkCode() + ", ");
        assertThat(server.book()).containsOnlyKeys(new Uid("ada"), new Uid("bob"));
        assertThat(names()).containsExactly("ada.vcf", "bob.vcf");

        Files.delete(folder.resolve("bob.vcf"));
        server.put(new Uid("ada"), card("Ada King"));
        assertThat(cli.run("sync"))
                .as("the only folder needs no name: " + cli.err())
                .isEqualTo(ExitCode.OK);
        assertThat(server.book()).containsOnlyKeys(new Uid("ada"));
        assertThat(folder.resolve("ada.vcf")).content().contains("FN:Ada King");
        assertThat(cli.run("sync", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getString("outcome")).isEqualTo("agreed");
        assertThat(cli.json().getInt("sent") + cli.json().getInt("brought")).isZero();
        assertThat(cli.json().getString("checkCode"))
                .isEqualTo(server.checkCode().value());
        assertThat(cli.run("status")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Folder      " + folder.toRealPath() + "\n");
    }

    /** Two folders are two devices, and each has a memory of its own. */
    @Test
    void keepsTwoFoldersApart() throws IOException {
        Path other = directory.resolve("other");
        write("ada.vcf", "ada", "Ada");
        sync();

        assertThat(cli.run("sync", other.toString())).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(other.resolve("ada.vcf")).exists();
        assertThat(server.book()).hasSize(1);
        assertThat(cli.run("sync")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("Name one: ", folder.toString(), other.toString());
    }

    @Test
    void keepsBothVersionsOfAConflict() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();
        write("ada.vcf", "ada", "Ada, here");
        server.put(new Uid("ada"), card("Ada, there"));

        assertThat(sync()).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("1 conflict.");
        assertThat(cli.err())
                .startsWith("1 contact was changed here and elsewhere: Ada, there. This folder's version was kept;")
                .contains("conflicts-");
        assertThat(server.book().get(new Uid("ada"))).isEqualTo(card("Ada, here"));
        Path file;
        try (Stream<Path> all = Files.walk(directory.resolve("state"))) {
            file = all.filter(each -> each.getFileName().toString().startsWith("conflicts-"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(file).content().contains("Ada, there");
        assertThat(sync()).isEqualTo(ExitCode.OK);
        assertThat(cli.err()).as("told once").isEmpty();
    }

    /** The copies are numbered anew then. */
    @Test
    void tellsOfAConflictAfterABeginningAnew() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();
        write("ada.vcf", "ada", "Ada, here");
        server.put(new Uid("ada"), card("Ada, there"));
        sync();
        assertThat(cli.err()).contains("conflicts-");
        assertThat(cli.run("sync", "--begin-anew", folder.toString())).isEqualTo(ExitCode.OK);
        write("ada.vcf", "ada", "Ada, here again");
        server.put(new Uid("ada"), card("Ada, there again"));

        assertThat(sync()).as(cli.err()).isEqualTo(ExitCode.OK);

        assertThat(cli.err()).startsWith("1 contact was changed here and elsewhere: Ada, there again.");
    }

    @Test
    void asksBeforeMostOfTheFolderIsDeleted() throws IOException {
        for (int i = 0; i < 20; i++) {
            write(i + ".vcf", "u" + i, "Person " + i);
        }
        sync();
        List.copyOf(server.book().keySet()).forEach(server::delete);
        server.put(new Uid("new"), card("New"));

        assertThat(sync()).isEqualTo(ExitCode.REFUSED);

        assertThat(cli.err())
                .contains("They were not deleted, and no other change comes into the folder until you decide.");
        assertThat(names()).hasSize(20).doesNotContain("new.vcf");
    }

    @Test
    void asksBeforeMostOfASideIsDeleted() throws IOException {
        for (int i = 0; i < 20; i++) {
            write(i + ".vcf", "u" + i, "Person " + i);
        }
        sync();
        for (String name : names()) {
            Files.delete(folder.resolve(name));
        }

        assertThat(sync()).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err())
                .startsWith(
                        "20 of the 20 contacts on the server would be deleted, because they are not in the folder any more.")
                .contains("They were not deleted, and no other change goes to the server until you decide.")
                .contains("--confirm-deletes", "--begin-anew");
        assertThat(server.book()).hasSize(20);

        assertThat(cli.run("sync", "--begin-anew", folder.toString()))
                .as(cli.err())
                .isEqualTo(ExitCode.OK);
        assertThat(names()).hasSize(20);

        for (String name : names()) {
            Files.delete(folder.resolve(name));
        }
        assertThat(cli.run("sync", "--confirm-deletes", folder.toString()))
                .as(cli.err())
                .isEqualTo(ExitCode.OK);
        assertThat(server.book()).isEmpty();
    }

    /** Protocol 4.23.4. */
    @Test
    void asksBeforeAnErasedAccountIsFilledAgain() throws IOException {
        FakeServer.Backup empty = server.backup();
        write("ada.vcf", "ada", "Ada");
        sync();
        server.restore(empty);
        server.changeKey();

        assertThat(sync()).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.err()).contains("1 contact that was there is gone.", "--begin-anew");
        assertThat(cli.run("sync", "--json", folder.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(server.book()).isEmpty();
        assertThat(names()).containsExactly("ada.vcf");

        assertThat(cli.run("sync", "--begin-anew", folder.toString()))
                .as(cli.err())
                .isEqualTo(ExitCode.OK);
        assertThat(server.book()).hasSize(1);
    }

    /** A disk that is not there has not lost its contacts. */
    @Test
    void takesAFolderThatIsGoneForNoEmptyOne() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();
        Files.move(folder, directory.resolve("elsewhere"));

        assertThat(sync()).isEqualTo(ExitCode.BAD_FILE);

        assertThat(cli.err())
                .startsWith("There is no folder " + directory.toRealPath().resolve("contacts") + " any more.");
        assertThat(folder).doesNotExist();
        assertThat(server.book()).hasSize(1);
    }

    @Test
    void givesAFolderToOneAccountOnly() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();
        cli.environment().put("CONTACT_SYNC_TOKEN", "token-of-grace");

        assertThat(sync()).isEqualTo(ExitCode.USAGE);

        assertThat(cli.err()).contains("the book of another account");
        assertThat(cli.run("sync")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).startsWith("Name the folder");
    }

    /** Two memories of one folder would undo each other's deletions. */
    @Test
    void leavesAFolderThatItKeepsToNobodyElse() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();

        assertThat(cli.run("push", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("run contact-sync sync " + folder + " instead of push.");
        assertThat(cli.run("pull", "--format", "vdir", "-o", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("instead of pull.");
    }

    @Test
    void saysWhatIsUnfinishedAndTakesItBack() throws IOException {
        write("ada.vcf", "ada", "Ada");
        assertThat(cli.run("queue")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo("Nothing is unfinished.\n");
        server.close();

        assertThat(sync()).isEqualTo(ExitCode.UNREACHABLE);

        assertThat(cli.err()).contains("sync again");
        assertThat(cli.run("queue", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getJsonArray("tasks").getJsonObject(0).getInt("attempts"))
                .isEqualTo(1);
        assertThat(cli.run("queue")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("waiting").contains(folder.toRealPath().toString());
        assertThat(cli.run("doctor")).isNotEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("warning folder", "1 unfinished, last failure ");

        assertThat(cli.run("queue", "cancel", "7")).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.run("queue", "cancel", "1")).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("queue", "--json")).isEqualTo(ExitCode.OK);
        assertThat(cli.json().getJsonArray("tasks")).isEmpty();
    }

    /** The file is named, nothing is deleted, and nobody waits for ever. */
    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("book.vcf"), "no vCard");

        assertThat(cli.run("sync", file.toString())).isEqualTo(ExitCode.BAD_FILE);

        assertThat(cli.err())
                .contains(file.toRealPath().toString(), "sync again")
                .doesNotContain("Exception");
        assertThat(server.book()).isEmpty();
    }

    /** A file of a folder that was readable once, and one that never was: a change from elsewhere cannot get into it. */
    @Test
    void namesTheFileThatCannotBeReadWhenAChangeIsForIt() throws IOException {
        write("ada.vcf", "ada", "Ada");
        sync();
        Files.writeString(folder.resolve("ada.vcf"), "no vCard");
        server.put(new Uid("ada"), card("Ada King"));

        assertThat(sync()).isEqualTo(ExitCode.BAD_FILE);

        String file = folder.toRealPath().resolve("ada.vcf").toString();
        assertThat(cli.err()).contains(file, "Repair or remove it").doesNotContain("keep changing");
        assertThat(folder.resolve("ada.vcf")).hasContent("no vCard");

        Files.writeString(folder.resolve("grace.vcf"), "no vCard");
        write("ada.vcf", "ada", "Ada");
        server.put(new Uid("grace"), card("Grace"));
        assertThat(sync()).isEqualTo(ExitCode.BAD_FILE);
        assertThat(cli.err()).contains("grace.vcf", "Repair or remove it");
        Files.delete(folder.resolve("grace.vcf"));
        assertThat(sync()).as(cli.err()).isEqualTo(ExitCode.OK);
        assertThat(server.book()).hasSize(2);
        assertThat(names()).containsExactly("ada.vcf", "grace.vcf");
    }

    private int sync() {
        return cli.run("sync", folder.toString());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private void write(String name, String uid, String full) throws IOException {
        Files.writeString(
                folder.resolve(name), "BEGIN:VCARD\nVERSION:4.0\nUID:" + uid + "\nFN:" + full + "\nEND:VCARD\n");
    }

    private static CanonicalCard card(String name) {
        return CanonicalCard.ofTrusted(("{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}")
                .getBytes(StandardCharsets.UTF_8));
    }
}
