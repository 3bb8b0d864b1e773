package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** One file with the vCards of all contacts. A file that is missing is an empty book only as long as it was never there. For one thread. */
public final class VcardAddressBook implements AddressBook {
    private final Path file;

    public VcardAddressBook(Path file) {
        this.file = file.toAbsolutePath();
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) throws IOException {
        if (!Files.exists(file) && marker.isPresent()) {
            throw new IOException("The file " + file + " is gone. If the book is to be empty, make an empty file.");
        }
        CardFile.Contents contents = read();
        return new PhoneChanges(true, contents.contacts(), Set.of(), contents.leftOut(), "read");
    }

    private CardFile.Contents read() throws IOException {
        return Files.exists(file) ? CardFile.read(file) : new CardFile.Contents(Map.of(), Set.of());
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        CardFile.Contents before = read();
        if (!before.leftOut().isEmpty()) {
            // They are not known well enough to be written again.
            return edits.stream()
                    .<EditResult>map(edit -> new EditResult.Impossible("the file has contacts that cannot be read"))
                    .toList();
        }
        Map<Uid, CanonicalCard> after = new LinkedHashMap<>(before.contacts());
        List<Edit> made = new ArrayList<>();
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
        after.forEach((uid, card) -> text.append(CardFile.vcard(uid, card)));
        CardFile.write(file, text.toString());
        Map<Uid, CanonicalCard> shown = read().contacts();
        return edits.stream()
                .<EditResult>map(edit -> made.contains(edit)
                        ? new EditResult.Made(edit.uid(), Optional.ofNullable(shown.get(edit.uid())))
                        : new EditResult.Moved())
                .toList();
    }

    @Override
    public Watch watch(Runnable changed) throws IOException {
        Path folder = file.getParent();
        return folder == null ? () -> {} : FolderWatch.start(folder, changed);
    }
}
