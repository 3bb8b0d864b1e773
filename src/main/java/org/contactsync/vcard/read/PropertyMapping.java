package org.contactsync.vcard.read;

import ezvcard.property.VCardProperty;

/** Puts one kind of vCard property into its place in a card. */
@FunctionalInterface
interface PropertyMapping<P extends VCardProperty> {
    /** Answers false, and changes nothing, when this value has no place there; it is then kept as it was. */
    boolean map(P property, CardDraft card);
}
