package org.contactsync.client.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.contactsync.client.http.Account;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client writes is its owner's only, whole, and where the name says. */
class WholeFileTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    @Test
    void isReadableByItsOwnerOnlyAlsoInPlaceOfOneThatIsNot() throws IOException {
        Path file = Files.writeString(directory.resolve("book"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        write(file);

        assertThat(file).hasContent("content");
        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void leavesWhatWasThereWhenItIsNotFinished() throws IOException {
        Path file = Files.writeString(directory.resolve("book"), "old");
        try (WholeFile unfinished = WholeFile.begin(file)) {
            unfinished.stream().write(CONTENT);
        }

        assertThat(file).hasContent("old");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void writesNothingThroughALink() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "other");
        Path link = Files.createSymbolicLink(directory.resolve("book"), other);

        assertThatThrownBy(() -> WholeFile.begin(link))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> WholeFile.write(link, CONTENT)).isInstanceOf(FileSystemException.class);

        assertThat(other).hasContent("other");
    }

    /** The name of the unfinished copy is known: somebody may have put a link there. */
    @Test
    void writesNoUnfinishedCopyThroughALink() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "other");
        Files.createSymbolicLink(directory.resolve("book.new"), other);

        WholeFile.write(directory.resolve("book"), CONTENT);

        assertThat(other).hasContent("other");
        assertThat(directory.resolve("book")).hasContent("content").isRegularFile();
    }

    @Test
    void replacesNoDirectoryAndNothingThatIsNoFile() throws IOException {
        assertThatThrownBy(() -> write(directory)).isInstanceOf(FileSystemException.class);

        Path socket = directory.resolve("socket");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> write(socket)).hasMessageContaining("not a regular file");
        }
    }

    /** Protocol 12.2: the state holds the check key. */
    @Test
    void keepsTheStateInADirectoryOfItsOwner() throws IOException {
        Path states = directory.resolve("share").resolve("contact-sync");

        StateFile.open(states, account()).orElseThrow().close();

        assertThat(permissions(states)).isEqualTo("rwx------");
        try (Stream<Path> all = Files.list(states)) {
            assertThat(all).allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void believesNoStateWhereOthersMayWrite() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> StateFile.open(directory, account())).hasMessageContaining("chmod 700");

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        StateFile.open(directory, account()).orElseThrow().close();
    }

    @Test
    void readsNoStateThroughALink() throws IOException {
        try (StateFile state = StateFile.open(directory, account()).orElseThrow()) {
            Path lock;
            try (Stream<Path> all = Files.list(directory)) {
                lock = all.findFirst().orElseThrow();
            }
            Path other = Files.writeString(directory.resolve("other"), "{}");
            Files.createSymbolicLink(
                    directory.resolve(lock.getFileName().toString().replace(".lock", ".json")), other);

            assertThatThrownBy(state::load).isInstanceOf(IOException.class);
        }
    }

    private static Account account() {
        return new Account(URI.create("http://localhost:1"), "token", Optional.empty());
    }

    private static void write(Path file) throws IOException {
        try (WholeFile whole = WholeFile.begin(file)) {
            whole.stream().write(CONTENT);
            whole.finish();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
