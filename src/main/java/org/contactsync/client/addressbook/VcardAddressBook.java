package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/**
 * One file with the vCards of all contacts. A file that is missing is an empty book only as long as it was never there, and one without a
 * byte never is: an empty book has a line break. For one thread.
 */
public final class VcardAddressBook implements AddressBook {
    /** A program that writes a file has paused by then, or is done. A file that was cut between two contacts looks whole. */
    private static final Duration WRITING = Duration.ofSeconds(2);

    private final Path file;
    private final Path folder;
    private final Clock clock;
    private final OwnWrites own;

    public VcardAddressBook(Path file) {
        this(file, Clock.systemUTC());
    }

    VcardAddressBook(Path file, Clock clock) {
        this.file = file.toAbsolutePath();
        this.folder = Optional.ofNullable(this.file.getParent()).orElse(this.file);
        this.clock = clock;
        this.own = new OwnWrites(folder);
    }

    @Override
    public Optional<String> identity() throws IOException {
        return BookMark.at(folder.resolve("." + name() + ".contact-sync-book"));
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) throws IOException {
        if (!Files.exists(file) && marker.isPresent()) {
            throw new IOException(
                    "The file " + file + " is gone. If the book is to be empty, make one with an empty line.");
        }
        CardFile.Contents contents = CardFile.Contents.NONE;
        if (Files.exists(file)) {
            requireWritten();
            contents = CardFile.read(file);
            requireWritten();
        }
        return new PhoneChanges(true, contents.contacts(), Set.of(), contents.leftOut(), "read");
    }

    private void requireWritten() throws IOException {
        Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
        if (age.abs().compareTo(WRITING) < 0 && own.isForeign(name())) {
            throw new IOException("The file " + file + " is being written.");
        }
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        CardFile.Contents before = CardFile.Contents.NONE;
        if (Files.exists(file)) {
            requireWritten();
            before = CardFile.readToWrite(file);
            requireWritten();
        }
        return write(edits, before);
    }

    private List<EditResult> write(List<Edit> edits, CardFile.Contents before) throws IOException {
        if (!before.leftOut().isEmpty()) {
            // They are not known well enough to be written again.
            return edits.stream()
                    .<EditResult>map(edit -> new EditResult.Impossible("the file has contacts that cannot be read"))
                    .toList();
        }
        Map<Uid, CanonicalCard> after = new LinkedHashMap<>(before.contacts());
        Set<Edit> made = new HashSet<>();
        for (Edit edit : edits) {
            if (Optional.ofNullable(after.get(edit.uid())).equals(edit.expects())) {
                made.add(edit);
                if (edit instanceof Edit.Add add) {
                    after.put(add.uid(), add.card());
                } else if (edit instanceof Edit.Change change) {
                    after.put(change.uid(), change.card());
                } else {
                    after.remove(edit.uid());
                }
            }
        }
        StringBuilder text = new StringBuilder();
        after.forEach((uid, card) -> text.append(before.vcard(uid, card, uid)));
        own.make(name(), () -> CardFile.write(file, text.isEmpty() ? "\r\n" : text.toString()));
        Map<Uid, CanonicalCard> shown = CardFile.read(file).contacts();
        List<EditResult> results = new ArrayList<>();
        for (Edit edit : edits) {
            results.add(
                    made.contains(edit)
                            ? new EditResult.Made(edit.uid(), Optional.ofNullable(shown.get(edit.uid())))
                            : new EditResult.Moved());
        }
        return results;
    }

    @Override
    public Watch watch(Runnable changed) throws IOException {
        return FolderWatch.start(folder, changedFile -> changedFile.equals(name()) && own.isForeign(name()), changed);
    }
}
