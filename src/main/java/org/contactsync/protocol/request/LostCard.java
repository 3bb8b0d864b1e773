package org.contactsync.protocol.request;

import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** A card that was decided against: the contact is another one, and this one is kept among its versions (protocol 4.3.12). */
public record LostCard(Uid uid, CanonicalCard card) {}
