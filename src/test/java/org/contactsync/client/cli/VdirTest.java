package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder with a vCard in each file, as vdirsyncer and khard have it, in and out. */
class VdirTest extends CommandTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    private Path folder;

    @BeforeEach
    void start() throws IOException {
        folder = directory.resolve("contacts");
    }

    @Test
    void pushesAFolder() throws IOException {
        Files.createDirectory(folder);
        write("one.vcf", "1", "Ada");
        write("two.vcf", "2", "Bob");
        write(".hidden.vcf", "3", "Hidden");
        Files.writeString(folder.resolve("color"), "#ff0000");

        assertThat(cli.run("push", folder.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("added 2");
        assertThat(server.book()).containsOnlyKeys(new Uid("1"), new Uid("2"));
        assertThat(cli.run("diff", folder.toString())).isEqualTo(ExitCode.OK);

        Files.delete(folder.resolve("two.vcf"));
        write("one.vcf", "1", "Ada King");
        assertThat(cli.run("diff", folder.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(cli.out()).contains("~ Ada King  1  (changed in the file)", "- Bob  2  (deleted in the file)");
    }

    /** A wrong folder is no empty book. */
    @Test
    void refusesAFolderWithoutContacts() throws IOException {
        Files.createDirectory(folder);

        assertThat(cli.run("push", folder.toString())).isEqualTo(ExitCode.BAD_FILE);
        assertThat(cli.err()).isEqualTo("There is no .vcf file in the folder " + folder + ".\n");
    }

    @Test
    void pullsIntoAFolderThatCanBePushed() throws IOException {
        server.put(new Uid("urn:uuid:00000000-0000-4000-8000-000000000001"), card("Ada"));
        server.put(new Uid("../../evil"), card("Evil"));
        server.put(new Uid("plain"), card("Plain"));

        assertThat(cli.run("pull", "--format", "vdir", "-o", folder.toString())).isEqualTo(ExitCode.OK);

        assertThat(cli.err()).contains("3 contacts, check code " + server.checkCode());
        List<String> names = names();
        assertThat(names).hasSize(3).contains("00000000-0000-4000-8000-000000000001.vcf", "plain.vcf");
        assertThat(names).allMatch(name -> name.matches("[0-9a-z-]+\\.vcf"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("plain.vcf"))))
                .isEqualTo("rw-------");
        assertThat(cli.run("push", folder.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("unchanged 3", "nothing sent");
    }

    /** What another program has written is left as it is if it means the same; nothing is deleted unless asked for. */
    @Test
    void touchesOnlyWhatIsDifferent() throws IOException {
        Files.createDirectory(folder);
        Path same = write("same.vcf", "s", "Same");
        Path changed = write("changed.vcf", "c", "Old");
        Path other = write("other.vcf", "o", "Not on the server any more");
        cli.run("push", folder.toString());
        server.put(new Uid("c"), card("New"));
        server.delete(new Uid("o"));

        assertThat(cli.run("pull", "--format", "vdir", "-o", folder.toString())).isEqualTo(ExitCode.OK);

        assertThat(Files.getLastModifiedTime(same)).isEqualTo(LONG_AGO);
        assertThat(Files.readString(changed)).contains("FN:New");
        assertThat(Files.getLastModifiedTime(other)).isEqualTo(LONG_AGO);
        assertThat(names()).containsExactly("changed.vcf", "other.vcf", "same.vcf");
        assertThat(cli.err())
                .contains("1 contact of the folder (other.vcf) is not on the server any more: kept. --delete");

        assertThat(cli.run("pull", "--format", "vdir", "--delete", "-o", folder.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(names()).containsExactly("changed.vcf", "same.vcf");
    }

    /** A server that was erased, another user, or a wrong address: as a push, it asks before most of a book goes. */
    @Test
    void emptiesNoFolderWithoutAQuestion() throws IOException {
        Files.createDirectory(folder);
        for (int i = 0; i < 20; i++) {
            write(i + ".vcf", "u" + i, "Person " + i);
        }
        cli.run("push", folder.toString());
        for (int left : new int[] {9, 0}) {
            server.book().keySet().stream().skip(left).toList().forEach(server::delete);

            assertThat(cli.run("pull", "--format", "vdir", "--delete", "-o", folder.toString()))
                    .isEqualTo(ExitCode.REFUSED);

            assertThat(cli.err())
                    .startsWith((20 - left) + " of the 20 contacts in the folder are not on the server any more")
                    .contains("--confirm-deletes");
            assertThat(names()).hasSize(20);
        }
        assertThat(cli.run("pull", "--format", "vdir", "--delete", "--confirm-deletes", "-o", folder.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(names()).isEmpty();
    }

    /** What was edited or added here, and what only a pull has left here, are told apart. */
    @Test
    void overwritesNoEditThatWasNotPushed() throws IOException {
        server.put(new Uid("a"), card("Ada"));
        server.put(new Uid("b"), card("Bob"));
        cli.run("pull", "--format", "vdir", "-o", folder.toString());
        write("a.vcf", "a", "Ada, edited here");
        write("new.vcf", "n", "New here");
        server.put(new Uid("a"), card("Ada, edited there"));
        server.put(new Uid("b"), card("Bob, edited there"));

        assertThat(cli.run("pull", "--format", "vdir", "--delete", "-o", folder.toString()))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(Files.readString(folder.resolve("a.vcf"))).contains("edited here");
        assertThat(Files.readString(folder.resolve("b.vcf"))).contains("edited there");
        assertThat(names()).containsExactly("a.vcf", "b.vcf", "new.vcf");
        assertThat(cli.err())
                .contains("1 contact of the folder (new.vcf) is not on the server: kept.")
                .contains("1 contact of the folder (a.vcf) is changed here and not pushed: kept");

        assertThat(cli.run("pull", "--format", "vdir", "--overwrite", "-o", folder.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(Files.readString(folder.resolve("a.vcf"))).contains("edited there");
        assertThat(names()).contains("new.vcf");
    }

    /** A file that is being written, or that a full disk has cut off, is no deleted contact. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "BEGIN:VCARD\nVERSION:4.0\nUID:2\nFN:Bo", "BEGIN:VCARD\nVERSION:4.0\nUID:2\nEND:VCAR"})
    void deletesNoContactWhoseFileIsNotWhole(String content) throws IOException {
        Files.createDirectory(folder);
        write("one.vcf", "1", "Ada");
        Path file = write("two.vcf", "2", "Bob");
        cli.run("push", folder.toString());
        Files.writeString(file, content);

        assertThat(cli.run("push", folder.toString())).isEqualTo(ExitCode.BAD_FILE);

        assertThat(cli.err()).startsWith(file + ": the file is ").contains("delete the file");
        assertThat(server.book()).hasSize(2);
    }

    @Test
    void writesNothingFromAListingThatIsCutShort() throws IOException {
        server.put(new Uid("a"), card("A"));
        server.put(new Uid("b"), card("B"));
        server.cutListings(Integer.MAX_VALUE);

        assertThat(cli.run("pull", "--format", "vdir", "-o", folder.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(names()).isEmpty();
    }

    @Test
    void saysWhatItNeeds() throws IOException {
        assertThat(cli.run("pull", "--format", "vdir")).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("needs a folder");
        assertThat(cli.run("pull", "--delete")).isEqualTo(ExitCode.USAGE);
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(cli.run("pull", "--format", "vdir", "-o", file.toString())).isEqualTo(ExitCode.BAD_FILE);
        assertThat(cli.err()).contains("is a file");
    }

    private Path write(String name, String uid, String full) throws IOException {
        Path file = Files.writeString(
                folder.resolve(name),
                "BEGIN:VCARD\nVERSION:4.0\nUID:" + uid + "\nFN:" + full + "\nEND:VCARD\n",
                StandardCharsets.UTF_8);
        return Files.setLastModifiedTime(file, LONG_AGO);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static CanonicalCard card(String name) {
        return CanonicalCard.ofTrusted(("{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}")
                .getBytes(StandardCharsets.UTF_8));
    }
}
