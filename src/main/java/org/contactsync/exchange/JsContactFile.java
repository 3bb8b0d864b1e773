package org.contactsync.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.contact.Flaw;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.JsContactReader;
import org.contactsync.protocol.json.JsContactReader.Found;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.request.Change;
import org.contactsync.vcard.read.ContactUids;

/** Reads JSContact for an import. */
public final class JsContactFile {
    private JsContactFile() {}

    /** @param most contacts of the file */
    public static ImportedFile read(byte[] utf8, int most) {
        JsContactReader.File file = JsContactReader.read(utf8, most);
        ContactUids uids = new ContactUids();
        Set<Uid> taken = new HashSet<>();
        Map<Uid, Integer> made = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        List<ContactFlaw> flaws = new ArrayList<>(file.flaws());
        for (Found found : file.cards()) {
            Uid uid = found.uid().map(Uid::new).orElseGet(() -> made(uids, found));
            if (taken.add(uid)) {
                changes.add(new Change.Put(uid, found.card(), Optional.empty()));
                if (found.uid().isEmpty()) {
                    made.put(uid, found.index());
                }
            } else {
                flaws.add(new ContactFlaw(
                        Optional.of(uid.value()),
                        found.index(),
                        "/uid",
                        new Flaw("duplicate-uid", "another contact of the file has this uid")));
            }
        }
        return new ImportedFile(changes, made, new ImportReport(file.total(), flaws, List.of()));
    }

    /** As of a vCard without UID: the full name, otherwise all of the card. */
    private static Uid made(ContactUids uids, Found found) {
        return found.values().root().values().get("name") instanceof Members name
                        && name.values().get("full") instanceof Text full
                        && !full.value().isBlank()
                ? uids.named(full.value())
                : uids.of(found.card());
    }
}
