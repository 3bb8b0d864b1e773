package org.contactsync.client.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.contactsync.client.FakeServer;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.VdirAddressBook;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code README.md} is compiled and run. */
class LibraryExampleTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example:begin -->\\s*```java\\n(.*?)```\\s*<!-- example:end -->", Pattern.DOTALL);

    @TempDir
    Path files;

    @Test
    void theExampleKeepsAFolderAndTheServerTheSame() throws Exception {
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(found.find()).isTrue();
        Path source = files.resolve("SyncMyContacts.java");
        Files.writeString(source, found.group(1));
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath(), "-d", files.toString(), source.toString());
        assertThat(failures).isZero();
        Path folder = Files.createDirectory(files.resolve("contacts"));
        Files.write(folder.resolve("one.vcf"), MadeBooks.vcards(1, 1).getBytes(StandardCharsets.UTF_8));
        try (FakeServer server = new FakeServer();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {files.toUri().toURL()})) {
            server.put(new Uid("theirs"), MadeBooks.contacts(2, 1).get(0).card());
            String[] args = {
                server.account().server().toString(),
                "token",
                folder.toString(),
                files.resolve("state").toString()
            };

            loader.loadClass("SyncMyContacts").getMethod("main", String[].class).invoke(null, (Object) args);

            assertThat(server.book()).hasSize(2);
            assertThat(new VdirAddressBook(folder)
                            .changesSince(Optional.empty())
                            .contacts())
                    .isEqualTo(server.book());
        }
    }

    /** Of these tests: that of the child of a build may be in the manifest of a jar. */
    private static String classPath() {
        return String.join(
                System.getProperty("path.separator"),
                Path.of("target", "classes").toString(),
                System.getProperty("java.class.path"));
    }
}
