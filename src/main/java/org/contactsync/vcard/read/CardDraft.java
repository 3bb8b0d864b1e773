package org.contactsync.vcard.read;

import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;
import org.jspecify.annotations.Nullable;

/** A card while the properties of one vCard are put into it. For one thread at a time. */
final class CardDraft {
    private static final String ID = "prop-id";

    private final CardObject card =
            new CardObject().put("@type", new Text("Card")).put("version", new Text("1.0"));
    private final Map<String, CardObject> collections = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<CardValue> kept = new ArrayList<>();
    private final Map<String, String> labels;
    private final Set<String> labelled = new HashSet<>();

    /** @param labels the texts of {@code X-ABLabel} by the group they stand in, the group in lower case */
    CardDraft(Map<String, String> labels) {
        this.labels = Map.copyOf(labels);
    }

    CardObject root() {
        return card;
    }

    /** The object {@code key} of the card, made when it is first asked for. */
    CardObject collection(String key) {
        return collections.computeIfAbsent(key, k -> new CardObject());
    }

    /**
     * Adds an entry with the contexts, preference, label and left-over parameters of the property it comes from. Its id is that of
     * {@code PROP-ID} (RFC 9555 §3.3.1), otherwise the next free one: {@code k1}, {@code k2}, … in the order of the file.
     *
     * @return false, adding nothing, when the entry is empty
     */
    boolean add(String key, CardObject entry, Parameters parameters) {
        if (entry.isEmpty()) {
            return false;
        }
        String id = id(key, parameters);
        parameters.addTo(entry);
        parameters.group().ifPresent(group -> {
            String label = labels.get(group);
            if (label != null) {
                entry.text("label", label);
                labelled.add(group);
            }
        });
        collection(key).object(id, entry);
        return true;
    }

    private String id(String key, Parameters parameters) {
        CardObject entries = collection(key);
        Optional<String> named = parameters
                .look(ID)
                .filter(id -> !id.isEmpty() && CardProfile.keyFlaw(id).isEmpty() && !entries.has(id));
        if (named.isPresent()) {
            return parameters.take(ID).orElseThrow();
        }
        String next;
        do {
            next = "k" + counts.merge(key, 1, Integer::sum);
        } while (entries.has(next));
        return next;
    }

    /** The label of a group, as a person reads it. */
    Optional<String> label(@Nullable String group) {
        return Optional.ofNullable(group).map(name -> labels.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The label of this group has found its place elsewhere. */
    void markLabelUsed(@Nullable String group) {
        if (group != null) {
            labelled.add(group.toLowerCase(Locale.ROOT));
        }
    }

    /** Whether the label of this group has found its place. */
    boolean isLabelled(String group) {
        return labelled.contains(group);
    }

    /** Keeps a property word for word in {@code vCardProps} (RFC 9555 §2.15.1, RFC 7095). */
    void keep(VCardProperty property) {
        kept.add(KeptProperty.of(property));
    }

    Card toCard() {
        collections.forEach(card::object);
        card.list("vCardProps", kept);
        return new Card(card.toMembers());
    }
}
