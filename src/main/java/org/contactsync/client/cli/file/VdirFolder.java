package org.contactsync.client.cli.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeMap;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;

/** A folder with a vCard in each file, as vdirsyncer and khard have it (vdir). */
final class VdirFolder {
    static final String ENDING = ".vcf";

    /** More than twice the largest book of a server. */
    private static final int MOST_FILES = 500_000;

    private VdirFolder() {}

    /** Its vCard files, in the order of their names; other files, hidden ones and folders are not part of it. */
    static Collection<Path> files(Path folder) throws IOException, Complaint {
        TreeMap<String, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, VdirFolder::isCard)) {
            for (Path file : all) {
                files.put(String.valueOf(file.getFileName()), file);
                if (files.size() > MOST_FILES) {
                    throw new Complaint(ExitCode.BAD_FILE, folder + " has more than " + MOST_FILES + " vCard files.");
                }
            }
        }
        return files.values();
    }

    private static boolean isCard(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) && !name.startsWith(".") && Files.isRegularFile(file);
    }

    /**
     * All its vCards, one after the other. A folder without any is more likely the wrong one than an empty book.
     *
     * @param most bytes of all together
     */
    static byte[] read(Path folder, int most) throws IOException, Complaint {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : files(folder)) {
            all.writeBytes(ReadableFile.read(file, most - all.size(), ExitCode.BAD_FILE));
            all.write('\n');
            if (all.size() >= most) {
                throw new Complaint(ExitCode.BAD_FILE, folder + " has more vCards than fit into the memory.");
            }
        }
        if (all.size() == 0) {
            throw new Complaint(ExitCode.BAD_FILE, "There is no .vcf file in the folder " + folder + ".");
        }
        return all.toByteArray();
    }
}
