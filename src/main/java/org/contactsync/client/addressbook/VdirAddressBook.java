package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Sha256;
import org.contactsync.contact.Uid;

/**
 * A folder with a vCard file for each contact, as vdirsyncer and khard use it ("vdir"): files {@code *.vcf}, hidden ones left out. A file
 * that has not changed, by its time, size and identity, is not read again. For one thread at a time.
 *
 * <p>Between the look at a file and its replacement another program may write it: that edit would be lost here. The time is some
 * microseconds; vdir has no locks.
 */
public final class VdirAddressBook implements AddressBook {
    private static final String ENDING = ".vcf";

    private final Path folder;
    private Map<String, Known> files = new HashMap<>();

    /**
     * A file as it was read.
     *
     * @param stamp when it changed, how large it is, and which file it is
     * @param contents empty when it could not be read
     */
    private record Known(String stamp, Optional<CardFile.Contents> contents) {}

    /** @throws IOException when the folder cannot be made; one that is there is used as it is */
    public VdirAddressBook(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) throws IOException {
        look();
        Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
        Set<Uid> leftOut = new HashSet<>();
        boolean everything = true;
        for (Known file : files.values()) {
            if (file.contents().isEmpty()) {
                everything = false; // who knows which contact that is
            } else {
                contacts.putAll(file.contents().get().contacts());
                leftOut.addAll(file.contents().get().leftOut());
            }
        }
        return new PhoneChanges(everything, contacts, Set.of(), leftOut, "");
    }

    private void look() throws IOException {
        Map<String, Known> now = new HashMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(VdirAddressBook::isCard).toList()) {
                String name = file.getFileName().toString();
                try {
                    String stamp = stamp(file);
                    Known known = files.get(name);
                    now.put(name, known != null && known.stamp().equals(stamp) ? known : read(file, stamp));
                } catch (NoSuchFileException gone) {
                    // removed since it was listed
                }
            }
        }
        files = now;
    }

    private static Known read(Path file, String stamp) throws IOException {
        try {
            CardFile.Contents contents = CardFile.read(file);
            return new Known(stamp(file).equals(stamp) ? stamp : "changed meanwhile", Optional.of(contents));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException damagedOrHalfWritten) {
            return new Known("", Optional.empty());
        }
    }

    private static String stamp(Path file) throws IOException {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        return is.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " " + is.size() + " " + is.fileKey();
    }

    private static boolean isCard(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".") && Files.isRegularFile(file);
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        look();
        Map<Uid, String> names = new HashMap<>();
        files.forEach((name, file) -> file.contents()
                .ifPresent(contents -> contents.contacts().keySet().forEach(uid -> names.put(uid, name))));
        List<EditResult> results = new ArrayList<>();
        for (Edit edit : edits) {
            Optional<String> name = Optional.ofNullable(names.get(edit.uid()));
            results.add(edit instanceof Edit.Add add ? add(add, name) : change(edit, name));
        }
        return results;
    }

    private EditResult add(Edit.Add add, Optional<String> there) throws IOException {
        Path file = folder.resolve(fileName(add.uid()));
        if (there.isPresent() || Files.exists(file)) {
            return new EditResult.Moved();
        }
        return put(file, add.uid(), add.card());
    }

    private EditResult change(Edit edit, Optional<String> there) throws IOException {
        if (there.isEmpty()) {
            return new EditResult.Moved();
        }
        Path file = folder.resolve(there.get());
        CardFile.Contents now;
        try {
            now = CardFile.read(file);
        } catch (IOException goneOrDamaged) {
            return new EditResult.Moved();
        }
        if (!Optional.ofNullable(now.contacts().get(edit.uid())).equals(edit.expects())) {
            return new EditResult.Moved();
        }
        if (now.contacts().size() + now.leftOut().size() > 1) {
            return new EditResult.Impossible("the file has several contacts");
        }
        if (edit instanceof Edit.Change change) {
            return put(file, change.uid(), change.card());
        }
        Files.deleteIfExists(file);
        return new EditResult.Made(edit.uid(), Optional.empty());
    }

    private static EditResult put(Path file, Uid uid, CanonicalCard card) throws IOException {
        try {
            CardFile.write(file, CardFile.vcard(uid, card));
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
        return FolderWatch.start(folder, changed);
    }
}
