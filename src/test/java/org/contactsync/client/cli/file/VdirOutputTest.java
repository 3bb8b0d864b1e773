package org.contactsync.client.cli.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.cli.folder.PulledCards;
import org.contactsync.client.http.Progress;
import org.contactsync.protocol.BookHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VdirOutputTest {
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);

    @TempDir
    Path files;

    @Test
    void deletesNoFileThatWasWrittenWhileTheBookWasDownloaded() throws Exception {
        Path folder = Files.createDirectory(files.resolve("contacts"));
        Path ada = write(folder, "ada", "Ada");
        Path bob = write(folder, "bob", "Bob");
        Path eve = write(folder, "eve", "Eve");
        BookHead empty = new BookHead(0, 0, new CheckCodes(KEY).checkCode(BookDigest.EMPTY), KEY, 0, 0, 0);
        VdirOutput.Knowledge all =
                new VdirOutput.Knowledge(PulledCards.of(files.resolve("state")), (uid, card) -> true);

        try (VdirOutput output = VdirOutput.to(folder, empty, Progress.SILENT, all)) {
            write(folder, "bob", "Bob, edited here");
            Files.delete(eve);
            output.finish();
            output.deleteGone();

            assertThat(output.unsent()).containsExactly(bob);
        }
        assertThat(ada).doesNotExist();
        assertThat(bob).content().contains("edited here");
    }

    private static Path write(Path folder, String uid, String full) throws Exception {
        return Files.writeString(
                folder.resolve(uid + ".vcf"),
                "BEGIN:VCARD\nVERSION:4.0\nUID:" + uid + "\nFN:" + full + "\nEND:VCARD\n");
    }
}
