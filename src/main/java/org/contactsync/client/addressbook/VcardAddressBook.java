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
 * byte never is: an empty book has a line break. If another program writes the file between the look at it and its
 * replacement, nothing is written. For one thread.
 */
public final class VcardAddressBook implements AddressBook {
    /** A program that writes a file has paused by then, or is done. A file that was cut between two contacts looks whole. */
    private static final Duration WRITING = Duration.ofSeconds(2);

    /** Instead of the stamp of a file. */
    private static final String MISSING = "";

    private final Path file;
    private final Path folder;
    private final Clock clock;
    private final OwnWrites own;

    /** At the last look. */
    private boolean wasThere;

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
        boolean isThere = Files.exists(file);
        if (!isThere && marker.isPresent()) {
            throw gone();
        }
        wasThere = isThere;
        CardFile.Contents contents = CardFile.Contents.NONE;
        if (isThere) {
            requireWritten();
            contents = CardFile.read(file);
            requireWritten();
        }
        return new PhoneChanges(true, contents.contacts(), Set.of(), contents.leftOut(), "read");
    }

    private IOException gone() {
        return new IOException(
                "The file " + file + " is gone. If the book is to be empty, make one with an empty line.");
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
        String stamp = stamp();
        if (!stamp.equals(MISSING)) {
            requireWritten();
            before = CardFile.readToWrite(file);
            requireWritten();
        } else if (wasThere) {
            throw gone();
        }
        return write(edits, before, stamp);
    }

    private String stamp() throws IOException {
        return Files.exists(file) ? CardFile.stamp(file) : MISSING;
    }

    private List<EditResult> write(List<Edit> edits, CardFile.Contents before, String stamp) throws IOException {
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
        own.make(name(), () -> {
            if (!stamp().equals(stamp)) {
                throw new IOException("The file " + file + " was changed meanwhile.");
            }
            CardFile.write(file, text.isEmpty() ? "\r\n" : text.toString());
        });
        wasThere = true;
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
