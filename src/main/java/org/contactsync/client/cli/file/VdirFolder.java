package org.contactsync.client.cli.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.contactsync.vcard.file.Notice;

/** A folder with a vCard in each file, as vdirsyncer and khard have it (vdir). */
final class VdirFolder {
    static final String ENDING = ".vcf";

    /** More than twice the largest book of a server. */
    private static final int MOST_FILES = 500_000;

    private static final VcardReading EMPTY = new VcardReading(List.of(), Set.of(), Set.of(), List.of(), Map.of());

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
     * All its vCards. A folder without any is more likely the wrong one than an empty book; a file without a whole vCard is more likely
     * being written, or damaged, than deleted.
     *
     * @param most bytes of all together
     */
    static VcardReading read(Path folder, int most, Optional<Charset> charset) throws IOException, Complaint {
        VcardReader reader = VcardReader.inParts();
        List<FoundContact> contacts = new ArrayList<>();
        Set<Uid> made = new HashSet<>();
        Set<Uid> leftOut = new HashSet<>();
        List<Notice> notices = new ArrayList<>();
        Collection<Path> files = files(folder);
        int left = most;
        for (Path file : files) {
            byte[] bytes = ReadableFile.read(file, left, ExitCode.BAD_FILE);
            left -= bytes.length;
            VcardReading part = part(reader, file, bytes, charset);
            contacts.addAll(part.contacts());
            made.addAll(part.made());
            leftOut.addAll(part.leftOut());
            notices.addAll(part.notices());
        }
        if (files.isEmpty()) {
            throw new Complaint(ExitCode.BAD_FILE, "There is no .vcf file in the folder " + folder + ".");
        }
        return new VcardReading(contacts, made, leftOut, notices, Map.of());
    }

    private static VcardReading part(VcardReader reader, Path file, byte[] bytes, Optional<Charset> charset)
            throws Complaint {
        String fault;
        try {
            Optional<String> broken = VcardBounds.broken(bytes);
            VcardReading part = broken.isPresent() ? EMPTY : reader.part(bytes, charset);
            if (!part.contacts().isEmpty() || !part.leftOut().isEmpty()) {
                return part;
            }
            fault = broken.map(each -> "the file " + each).orElse("the file is empty");
        } catch (UnreadableBook e) {
            fault = String.valueOf(e.getMessage());
        }
        throw new Complaint(
                ExitCode.BAD_FILE,
                file + ": " + fault
                        + ". Nothing was read from the folder. If the contact is to be deleted, delete the file.");
    }
}
