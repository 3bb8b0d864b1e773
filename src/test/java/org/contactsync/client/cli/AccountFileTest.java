package org.contactsync.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.cli.file.AccountFile;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.exchange.AccountArchive;
import org.contactsync.exchange.ArchivedFile;
import org.contactsync.sync.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 4.26.2: an archive that is not whole is not taken for one. */
class AccountFileTest {
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);
    private static final String MANIFEST = "{\"checkCode\":\"" + Examples.SOME_CODE.value()
            + "\",\"count\":1,\"files\":[{\"name\":\"contacts.json\",\"bytes\":%d,\"sha256\":\"%s\"}]}";

    @TempDir
    private Path directory;

    /** Protocol 4.26.1: files that it does not know are ignored. */
    @Test
    void takesWhatTheServiceWrites() throws Exception {
        Path file = directory.resolve("account.zip");
        try (OutputStream out = Files.newOutputStream(file)) {
            AccountArchive archive = new AccountArchive(out, Instant.parse("2026-11-26T17:05:00Z"));
            for (ArchivedFile each : ArchivedFile.values()) {
                AccountArchive.Entry entry = archive.begin(each);
                if (each == ArchivedFile.CONTACTS || each == ArchivedFile.VCARDS) {
                    entry.contact(Examples.uid(1), Examples.card("Ada"));
                }
                entry.end();
            }
            archive.finish(new AccountArchive.State(Examples.SOME_CODE, KEY, 5, 1, OptionalLong.empty()));
            archive.free();
        }

        AccountFile account = AccountFile.verified(file);

        assertThat(account.contacts()).isEqualTo(1);
        assertThat(account.checkCode()).isEqualTo(Examples.SOME_CODE);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> AccountFile.verified(file))
                    .as("%d bytes", length)
                    .isInstanceOf(Complaint.class);
        }
    }

    @Test
    void refusesWhatIsNotWhatTheManifestSays() throws IOException {
        String hash = "2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df"; // of "ok"
        assertThat(refusal("contacts.json", MANIFEST.formatted(3, hash))).contains("not what the manifest says");
        assertThat(refusal("contacts.json", MANIFEST.formatted(1, hash))).contains("not what the manifest says");
        assertThat(refusal("contacts.json", MANIFEST.formatted(2, "0".repeat(64))))
                .contains("not what the manifest says");
        assertThat(refusal("contacts.vcf", MANIFEST.formatted(2, hash))).contains("contacts.json is missing");
        assertThat(refusal("contacts.json", "{\"files\":7}")).contains("manifest cannot be read");
        assertThat(refusal("contacts.json", "")).contains("manifest cannot be read");
        Path file = Files.writeString(directory.resolve("text"), "hello");
        assertThatThrownBy(() -> AccountFile.verified(file)).hasMessageContaining("no ZIP file");
    }

    private String refusal(String name, String manifest) throws IOException {
        Path file = directory.resolve("made.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write("ok".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
        }
        try {
            AccountFile.verified(file);
            return "taken";
        } catch (Complaint e) {
            return String.valueOf(e.getMessage());
        }
    }
}
