package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Sha256;
import org.contactsync.contact.Uid;

/**
 * A folder with a vCard file for each contact, as vdirsyncer and khard use it ("vdir"): files {@code *.vcf}, hidden ones left out. A file
 * that has not changed, by its time, size and identity, is not read again. One that is empty or cut off is not visible, nor is a link to a file that is
 * not there. Of files with one UID each
 * is a contact: the file that is named after it has it, else the first by name, and the others have uids of their own. A hidden file says which
 * book this is. For one thread at a time.
 *
 * <p>Between the look at a file and its replacement another program may write it: that edit would be lost here. The time is some
 * microseconds; vdir has no locks.
 */
public final class VdirAddressBook implements AddressBook {
    private static final String ENDING = ".vcf";
    private static final String MARK = ".contact-sync-book";

    private final Path folder;
    private final OwnWrites own;
    private Map<String, Known> files = new HashMap<>();
    private volatile Optional<IOException> hindrance = Optional.empty();

    /**
     * A file as it was read.
     *
     * @param stamp of the file then; empty: it is to be read again
     * @param contents empty when it could not be read, and never was
     */
    private record Known(String stamp, Optional<CardFile.Contents> contents) {}

    /**
     * Where a contact is.
     *
     * @param inFile its uid there
     */
    private record Place(String file, Uid inFile) {}

    /** @throws IOException when the folder cannot be made; one that is there is used as it is */
    public VdirAddressBook(Path folder) throws IOException {
        this.folder = folder;
        this.own = new OwnWrites(folder);
        Files.createDirectories(folder);
    }

    @Override
    public Optional<String> identity() throws IOException {
        return BookMark.at(folder.resolve(MARK));
    }

    /** Why the last edits that were not made could not be, if that was because of a file that cannot be read. It names the file. */
    public Optional<IOException> hindrance() {
        return hindrance;
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) throws IOException {
        look();
        Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
        Set<Uid> leftOut = new HashSet<>();
        places().forEach((uid, place) -> {
            CardFile.Contents contents = contents(place.file());
            Optional.ofNullable(contents.contacts().get(place.inFile()))
                    .ifPresentOrElse(card -> contacts.put(uid, card), () -> leftOut.add(uid));
        });
        // Of a file that was never read nobody knows which contact it is.
        boolean everything =
                files.values().stream().allMatch(file -> file.contents().isPresent());
        return new PhoneChanges(everything, contacts, Set.of(), leftOut, "");
    }

    private CardFile.Contents contents(String file) {
        return Optional.ofNullable(files.get(file)).flatMap(Known::contents).orElse(CardFile.Contents.NONE);
    }

    /** Each contact of each file, under a uid that no other has. */
    private Map<Uid, Place> places() {
        Map<Uid, List<String>> having = new LinkedHashMap<>();
        for (String file : new TreeMap<>(files).keySet()) {
            CardFile.Contents contents = contents(file);
            Set<Uid> uids = new HashSet<>(contents.contacts().keySet());
            uids.addAll(contents.leftOut());
            uids.forEach(uid ->
                    having.computeIfAbsent(uid, made -> new ArrayList<>()).add(file));
        }
        Map<Uid, Place> places = new LinkedHashMap<>();
        having.forEach((uid, names) -> {
            boolean isOwnersName = names.size() > 1 && names.contains(fileName(uid));
            String owner = isOwnersName ? fileName(uid) : names.get(0);
            for (String name : names) {
                places.put(name.equals(owner) ? uid : besides(uid, name), new Place(name, uid));
            }
        });
        return places;
    }

    /** The same one at each look. */
    private static Uid besides(Uid uid, String file) {
        byte[] hash = Sha256.digest(("file " + file + '\n' + uid.value()).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bits = ByteBuffer.wrap(hash);
        long high = (bits.getLong() & ~0xf000L) | 0x8000L; // version 8 of RFC 9562
        long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new Uid("urn:uuid:" + new UUID(high, low));
    }

    private void look() throws IOException {
        Map<String, Known> now = new HashMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(each -> isCard(name(each))).toList()) {
                look(file).ifPresent(known -> now.put(name(file), known));
            }
        }
        files = now;
    }

    /**
     * Empty for a folder, and for a file that was removed since it was listed.
     *
     * @throws IOException when nobody can tell whether the file is there
     */
    private Optional<Known> look(Path file) throws IOException {
        Optional<Known> known = Optional.ofNullable(files.get(name(file)));
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            String stamp = CardFile.stamp(attributes);
            boolean isSame = known.filter(each -> each.stamp().equals(stamp)).isPresent();
            return isSame ? known : Optional.of(read(file, stamp, known.flatMap(Known::contents)));
        } catch (NoSuchFileException goneOrLinkToNothing) {
            return isEntry(file)
                    ? Optional.of(new Known("", known.flatMap(Known::contents).map(VdirAddressBook::invisible)))
                    : Optional.empty();
        }
    }

    /** Whether the folder has it, also as a link to a file that is not there, such as one on another disk. */
    private static boolean isEntry(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private static Known read(Path file, String stamp, Optional<CardFile.Contents> before) throws IOException {
        try {
            CardFile.Contents contents = CardFile.read(file);
            return new Known(CardFile.stamp(file).equals(stamp) ? stamp : "", Optional.of(contents));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException damagedOrHalfWritten) {
            // What it had is there, as far as anybody knows, and cannot be seen.
            return new Known("", before.map(VdirAddressBook::invisible));
        }
    }

    private static CardFile.Contents invisible(CardFile.Contents contents) {
        Set<Uid> all = new HashSet<>(contents.contacts().keySet());
        all.addAll(contents.leftOut());
        return new CardFile.Contents(Map.of(), all, Map.of());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isCard(String name) {
        return name.endsWith(ENDING) && !name.startsWith(".");
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        hindrance = Optional.empty();
        look();
        Map<Uid, Place> places = places();
        List<EditResult> results = new ArrayList<>();
        for (Edit edit : edits) {
            Optional<Place> place = Optional.ofNullable(places.get(edit.uid()));
            results.add(edit instanceof Edit.Add add ? add(add, place) : change(edit, place));
        }
        return results;
    }

    private EditResult add(Edit.Add add, Optional<Place> there) throws IOException {
        String file = fileName(add.uid());
        if (there.isPresent() || Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
            noteIfUnreadable(file);
            return new EditResult.Moved();
        }
        return put(file, add.uid(), CardFile.Contents.NONE.vcard(add.uid(), add.card(), add.uid()));
    }

    private EditResult change(Edit edit, Optional<Place> there) throws IOException {
        if (there.isEmpty()) {
            // It is gone, or it is in a file that cannot be read.
            new TreeMap<>(files).forEach((file, known) -> {
                if (known.contents().isEmpty()) {
                    noteIfUnreadable(file);
                }
            });
            return new EditResult.Moved();
        }
        String name = there.get().file();
        Uid uid = there.get().inFile();
        Path file = folder.resolve(name);
        CardFile.Contents now;
        try {
            now = CardFile.readToWrite(file);
        } catch (IOException goneOrDamaged) {
            hindrance = Optional.of(goneOrDamaged);
            return new EditResult.Moved();
        }
        if (now.leftOut().contains(uid)) {
            return new EditResult.Impossible("the contact of the file cannot be read");
        }
        if (!Optional.ofNullable(now.contacts().get(uid)).equals(edit.expects())) {
            return new EditResult.Moved();
        }
        if (now.contacts().size() + now.leftOut().size() > 1) {
            return new EditResult.Impossible("the file has several contacts");
        }
        if (edit instanceof Edit.Change change) {
            return put(name, edit.uid(), now.vcard(uid, change.card(), edit.uid()));
        }
        own.make(name, () -> Files.deleteIfExists(file));
        return new EditResult.Made(edit.uid(), Optional.empty());
    }

    private void noteIfUnreadable(String file) {
        try {
            CardFile.read(folder.resolve(file));
        } catch (IOException e) {
            hindrance = Optional.of(e);
        }
    }

    private EditResult put(String name, Uid uid, String vcard) throws IOException {
        Path file = folder.resolve(name);
        try {
            own.make(name, () -> CardFile.write(file, vcard));
        } catch (FileAlreadyExistsException another) {
            return new EditResult.Moved();
        }
        CanonicalCard shown = CardFile.read(file).contacts().get(uid);
        return shown == null
                ? new EditResult.Impossible("the card cannot be a vCard")
                : new EditResult.Made(uid, Optional.of(shown));
    }

    /** The uid where it can be a file's name everywhere, otherwise a hash of it. */
    private static String fileName(Uid uid) {
        String plain = uid.value().replaceFirst("^urn:uuid:", "");
        boolean usable = plain.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
        String name = usable
                ? plain
                : HexFormat.of().formatHex(Sha256.digest(uid.value().getBytes(StandardCharsets.UTF_8)), 0, 16);
        return name + ENDING;
    }

    @Override
    public Watch watch(Runnable changed) throws IOException {
        return FolderWatch.start(folder, name -> isCard(name) && own.isForeign(name), changed);
    }
}
