package org.contactsync.sync.task;

import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;

/** A card that lost a conflict: it was never in the book, and is kept among the versions of its contact. */
public record LostVersion(Uid uid, Content content) {}
