package org.contactsync.client.cli.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.Progress;
import org.contactsync.client.remote.Hashes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.write.VcardWriter;

/**
 * Writes a book into a folder with a vCard in each file. A contact that is there keeps its file, and a file whose contact is the same is
 * not touched. What is new is collected in a hidden folder in it, and moved when the book is whole. For one thread.
 */
public final class VdirOutput implements BookSink {
    private static final String UUID_URN = "urn:uuid:";
    private static final int MOST_CARD_BYTES = 64 << 20;
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_@+=-][A-Za-z0-9._@+=-]{0,99}");

    private final Path folder;
    private final Path stage;
    private final CheckCodes codes;
    private final long expected;
    private final Progress progress;

    /** Of each contact that is there. */
    private final Map<Uid, Existing> existing = new HashMap<>();

    private final Set<String> names = new HashSet<>();
    private final Map<Path, Path> moves = new HashMap<>();
    private BookDigest digest = BookDigest.EMPTY;

    private record Existing(Path file, CanonicalCard card) {}

    private VdirOutput(Path folder, BookHead head, Progress progress) throws IOException, Complaint {
        this.folder = folder;
        this.codes = new CheckCodes(head.checkKey());
        this.expected = head.count();
        this.progress = progress;
        for (Path file : VdirFolder.files(folder)) {
            names.add(String.valueOf(file.getFileName()));
            contact(file).ifPresent(found -> existing.put(found.uid(), new Existing(file, found.card())));
        }
        this.stage = Files.createTempDirectory(folder, ".contact-sync-"); // readable by its owner only
    }

    /** @param folder made, for its owner only, if it is not there; the folder that it is in has to be there */
    public static VdirOutput to(Path folder, BookHead head, Progress progress) throws IOException, Complaint {
        if (!Files.exists(folder)) {
            Files.createDirectory(folder, owner(folder, "rwx------"));
        } else if (!Files.isDirectory(folder)) {
            throw new Complaint(ExitCode.BAD_FILE, folder + " is a file; a folder is needed for --format vdir.");
        }
        return new VdirOutput(folder, head, progress);
    }

    /** The only contact in a file; empty if there are more, or it cannot be read: such a file is left alone. */
    private static Optional<FoundContact> contact(Path file) throws IOException, Complaint {
        try {
            byte[] bytes = ReadableFile.read(file, MOST_CARD_BYTES, ExitCode.BAD_FILE);
            if (VcardBounds.broken(bytes).isPresent()) {
                return Optional.empty();
            }
            List<FoundContact> found = VcardReader.read(bytes).contacts();
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        } catch (UnreadableBook e) {
            return Optional.empty();
        }
    }

    @Override
    public void contact(Uid uid, CanonicalCard card) throws IOException {
        digest = digest.plus(codes.entry(uid, codes.contentHash(card)));
        progress.reading(contacts(), expected);
        Optional<Existing> before = Optional.ofNullable(existing.remove(uid));
        if (before.isPresent() && before.get().card().equals(card)) {
            return;
        }
        Path file = before.isPresent() ? before.get().file() : folder.resolve(name(uid));
        Path staged = Files.createFile(stage.resolve(Long.toString(contacts())), owner(stage, "rw-------"));
        Files.write(staged, VcardWriter.write(uid, CardJson.parsed(card)).getBytes(StandardCharsets.UTF_8));
        moves.put(staged, file);
    }

    /** The uid if it is a plain name, as other programs call such files; else its hash. */
    private String name(Uid uid) {
        String plain = uid.value().startsWith(UUID_URN) ? uid.value().substring(UUID_URN.length()) : uid.value();
        String name = plain + VdirFolder.ENDING;
        if (!PLAIN_NAME.matcher(plain).matches() || !names.add(name)) {
            name = Hashes.sha256Hex(uid.utf8()).substring(0, 32) + VdirFolder.ENDING;
            names.add(name);
        }
        return name;
    }

    @Override
    public long contacts() {
        return digest.count();
    }

    @Override
    public CheckCode checkCode() {
        return codes.checkCode(digest);
    }

    /** Contacts of the folder that the server's book does not have, once all of that have come. */
    public List<Path> others() {
        return existing.values().stream().map(Existing::file).sorted().toList();
    }

    /** Each file is replaced at once. If the program is stopped in between, some are new and the others are as they were. */
    @Override
    public void finish() throws IOException {
        for (Map.Entry<Path, Path> move : moves.entrySet()) {
            Files.move(
                    move.getKey(),
                    move.getValue(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(stage)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(stage);
    }

    private static FileAttribute<?>[] owner(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
