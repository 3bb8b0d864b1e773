package org.contactsync.client.device;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.merge.ContentKey;
import org.contactsync.contact.Uid;

/**
 * Recognises contacts of this device that the server has under another uid: after a reinstallation, or when two devices got the same contact
 * from elsewhere. First by the whole content, then by name and numbers. For one look at the server, in one thread.
 */
final class Relink {
    private final LocalContacts contacts;
    private final Map<ContentHash, Deque<LocalContact>> byContent = new HashMap<>();
    private final Map<ContentKey, Deque<LocalContact>> byKey = new HashMap<>();
    private boolean keysMade;

    /** @param serverUids contacts of these names need no other */
    Relink(LocalContacts contacts, CheckCodes codes, Set<Uid> serverUids) {
        this.contacts = contacts;
        for (LocalContact contact : contacts.unknownToServer()) {
            if (!serverUids.contains(contact.uid())) {
                contact.card()
                        .ifPresent(card -> byContent
                                .computeIfAbsent(codes.contentHash(card), hash -> new ArrayDeque<>())
                                .add(contact));
            }
        }
    }

    /** A contact of this device with just that content; the next call does not give it again. */
    Optional<LocalContact> same(ContentHash hash) {
        return Optional.ofNullable(byContent.get(hash)).map(Deque::poll);
    }

    /** A contact of this device that is the same person, of which no other has the same name and numbers. */
    Optional<LocalContact> alike(OnServer server) {
        if (!keysMade) {
            keysMade = true;
            byContent
                    .values()
                    .forEach(same -> same.forEach(contact -> contact.card()
                            .flatMap(ContentKey::of)
                            .ifPresent(key -> byKey.computeIfAbsent(key, made -> new ArrayDeque<>())
                                    .add(contact))));
            byKey.values().removeIf(alike -> alike.size() > 1);
        }
        return ContentKey.of(server.card())
                .flatMap(key -> Optional.ofNullable(byKey.get(key)).map(Deque::poll));
    }

    /** Gives a contact the server's name. */
    LocalContact rename(LocalContact contact, Uid uid) {
        contacts.rename(contact, uid);
        return contact.named(uid);
    }
}
