package org.contactsync.client.cli.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.cli.folder.PulledCards;
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
 * not touched; nor is a file with a card that the server may never have had. What is new is collected in a hidden folder in it, and moved
 * when the book is whole. For one thread.
 */
public final class VdirOutput implements BookSink {
    private static final String UUID_URN = "urn:uuid:";
    private static final int MOST_CARD_BYTES = 64 << 20;
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_@+=-][A-Za-z0-9._@+=-]{0,99}");

    private final Path folder;
    private final Path stage;
    private final Knowledge knowledge;
    private final CheckCodes codes;
    private final long expected;
    private final Progress progress;

    /** Of each contact that is there. */
    private final Map<Uid, Existing> existing = new HashMap<>();

    private final Set<String> names = new HashSet<>();
    private final List<Path> unsent = new ArrayList<>();
    private final Map<Path, Move> moves = new LinkedHashMap<>();
    private final long contactsBefore;
    private BookDigest digest = BookDigest.EMPTY;

    /**
     * Which cards of the folder may be replaced or deleted.
     *
     * @param pulled what the last pull left there
     * @param sent what else the server has had, as far as that is known
     */
    public record Knowledge(PulledCards pulled, BiPredicate<Uid, CanonicalCard> sent) {
        boolean has(Uid uid, CanonicalCard card) {
            return pulled.had(uid, card) || sent.test(uid, card);
        }
    }

    /** @param stamp of the file when it was read */
    private record Existing(Path file, String stamp, CanonicalCard card) {}

    /** @param stamp that the file has to have yet; empty: there is none */
    private record Move(Path to, Optional<String> stamp, Uid uid, CanonicalCard shown) {}

    private VdirOutput(Path folder, BookHead head, Progress progress, Knowledge knowledge)
            throws IOException, Complaint {
        this.folder = folder;
        this.knowledge = knowledge;
        this.codes = new CheckCodes(head.checkKey());
        this.expected = head.count();
        this.progress = progress;
        for (Path file : VdirFolder.files(folder)) {
            names.add(String.valueOf(file.getFileName()));
            String stamp = stamp(file);
            contact(file).ifPresent(found -> existing.put(found.uid(), new Existing(file, stamp, found.card())));
        }
        this.contactsBefore = existing.size();
        this.stage = Files.createTempDirectory(folder, ".contact-sync-"); // readable by its owner only
    }

    /** @param folder made, for its owner only, if it is not there; the folder that it is in has to be there */
    public static VdirOutput to(Path folder, BookHead head, Progress progress, Knowledge knowledge)
            throws IOException, Complaint {
        if (!Files.exists(folder)) {
            Files.createDirectory(folder, owner(folder, "rwx------"));
        } else if (!Files.isDirectory(folder)) {
            throw new Complaint(ExitCode.BAD_FILE, folder + " is a file; a folder is needed for --format vdir.");
        }
        return new VdirOutput(folder, head, progress, knowledge);
    }

    /** The only contact in a file; empty if there are more, or it cannot be read: such a file is left alone. */
    private static Optional<FoundContact> contact(Path file) throws IOException, Complaint {
        try {
            byte[] bytes = ReadableFile.read(file, MOST_CARD_BYTES, ExitCode.BAD_FILE);
            return VcardBounds.broken(bytes).isPresent() ? Optional.empty() : only(bytes);
        } catch (UnreadableBook e) {
            return Optional.empty();
        }
    }

    private static Optional<FoundContact> only(byte[] vcards) throws UnreadableBook {
        List<FoundContact> found = VcardReader.read(vcards).contacts();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** When it changed, how large it is, and which file it is; empty text: there is none. */
    private static String stamp(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return is.lastModifiedTime() + " " + is.size() + " " + is.fileKey();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    @Override
    public void contact(Uid uid, CanonicalCard card) throws IOException {
        digest = digest.plus(codes.entry(uid, codes.contentHash(card)));
        progress.reading(contacts(), expected);
        Optional<Existing> before = Optional.ofNullable(existing.remove(uid));
        if (before.isPresent() && before.get().card().equals(card)) {
            knowledge.pulled().shows(uid, card);
            return;
        }
        if (before.isPresent() && !knowledge.has(uid, before.get().card())) {
            unsent.add(before.get().file());
            return;
        }
        byte[] vcard = VcardWriter.write(uid, CardJson.parsed(card)).getBytes(StandardCharsets.UTF_8);
        Path staged = Files.createFile(stage.resolve(Long.toString(contacts())), owner(stage, "rw-------"));
        Files.write(staged, vcard);
        moves.put(
                staged,
                new Move(
                        before.map(Existing::file).orElseGet(() -> folder.resolve(name(uid))),
                        before.map(Existing::stamp),
                        uid,
                        shown(vcard, card)));
    }

    /** What a program reads there: vCard has no property for some things. */
    private static CanonicalCard shown(byte[] vcard, CanonicalCard card) {
        try {
            return only(vcard).map(FoundContact::card).orElse(card);
        } catch (UnreadableBook e) {
            return card;
        }
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

    /** How many the folder had. */
    public long contactsBefore() {
        return contactsBefore;
    }

    /** Contacts of the folder that the server's book does not have, and has had, once all of that have come. */
    public List<Path> gone() {
        return others(true);
    }

    /** Contacts of the folder that the server's book does not have, and perhaps never had. */
    public List<Path> added() {
        return others(false);
    }

    private List<Path> others(boolean known) {
        return existing.entrySet().stream()
                .filter(each -> known == isKnown(each))
                .map(each -> each.getValue().file())
                .sorted()
                .toList();
    }

    private boolean isKnown(Map.Entry<Uid, Existing> contact) {
        return knowledge.has(contact.getKey(), contact.getValue().card());
    }

    /** Deletes the files of {@link #gone}. One that was written since it was read is kept, and {@link #unsent}. */
    public void deleteGone() throws IOException {
        for (Map.Entry<Uid, Existing> each : existing.entrySet()) {
            Path file = each.getValue().file();
            String now = stamp(file);
            if (isKnown(each) && now.equals(each.getValue().stamp())) {
                Files.deleteIfExists(file);
            } else if (isKnown(each) && !now.isEmpty()) {
                unsent.add(file);
            }
        }
    }

    /** Files that differ from the server's book and are left as they are: somebody has changed them. */
    public List<Path> unsent() {
        return unsent.stream().sorted().toList();
    }

    /**
     * Each file is replaced at once. If the program is stopped in between, some are new and the others are as they were; what the last
     * pull left is known until the end.
     */
    @Override
    public void finish() throws IOException {
        for (Map.Entry<Path, Move> each : moves.entrySet()) {
            Move move = each.getValue();
            if (stamp(move.to()).equals(move.stamp().orElse(""))) {
                Files.move(
                        each.getKey(), move.to(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                knowledge.pulled().shows(move.uid(), move.shown());
            } else {
                unsent.add(move.to()); // written since it was read
            }
        }
        existing.forEach((uid, other) -> {
            if (knowledge.pulled().had(uid, other.card())) {
                knowledge.pulled().shows(uid, other.card());
            }
        });
        knowledge.pulled().save();
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
