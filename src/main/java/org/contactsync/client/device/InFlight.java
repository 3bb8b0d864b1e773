package org.contactsync.client.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.addressbook.Edit;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.merge.ContentKey;
import org.contactsync.contact.Uid;

/**
 * The edits that the address book was last given, written down before: if the process ends or the writing fails in between, they may have been
 * made. For one task, in one thread.
 */
final class InFlight {
    private static final String NAME = "in-flight";

    private final LocalDatabase database;
    private final LocalContacts contacts;

    /** The names that the book was given, and what the server calls the contacts. Neither has control characters. */
    private final Map<Uid, Uid> uids = new LinkedHashMap<>();

    InFlight(LocalDatabase database) {
        this.database = database;
        this.contacts = database.contacts();
        database.value(NAME).filter(text -> !text.isEmpty()).ifPresent(text -> {
            for (String line : text.split("\n", -1)) {
                int tab = line.indexOf('\t');
                uids.put(new Uid(line.substring(0, tab)), new Uid(line.substring(tab + 1)));
            }
        });
    }

    /** @param edits in the order of {@code edited} */
    void begin(List<LocalContact> edited, List<Edit> edits) {
        uids.clear();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < edits.size(); i++) {
            Uid name = edits.get(i).uid();
            uids.put(name, edited.get(i).uid());
            lines.add(name.value() + '\t' + edited.get(i).uid().value());
        }
        database.write(() -> {
            database.setValue(NAME, String.join("\n", lines));
            return 0;
        });
    }

    /** All results are known; in the transaction that writes them down. */
    void end() {
        uids.clear();
        database.setValue(NAME, "");
    }

    boolean has(LocalContact contact) {
        return uids.containsValue(contact.uid());
    }

    /** The contact that was added under this name, or that the phone may show so under a name of its own. */
    Optional<LocalContact> added(Uid phoneUid, CanonicalCard shown) {
        Optional<LocalContact> named =
                Optional.ofNullable(uids.get(phoneUid)).map(contacts::get).filter(InFlight::isAwaited);
        if (named.isPresent() || !ContentKey.isTelling(shown)) {
            return named;
        }
        List<LocalContact> likely = uids.values().stream()
                .map(contacts::get)
                .filter(contact -> isAwaited(contact) && ContentKey.maySeemSo(shown, card(contact)))
                .toList();
        // Of several that are alike it may be any; of others nobody knows which one.
        return likely.stream()
                .findFirst()
                .filter(first -> likely.stream().allMatch(each -> isAlike(card(first), card(each))));
    }

    private static boolean isAlike(CanonicalCard one, CanonicalCard other) {
        return ContentKey.maySeemSo(one, other) && ContentKey.maySeemSo(other, one);
    }

    private static CanonicalCard card(LocalContact contact) {
        return contact.card().orElseThrow();
    }

    private static boolean isAwaited(LocalContact contact) {
        return contact.phoneUid().isEmpty()
                && contact.isDown()
                && contact.card().isPresent();
    }
}
