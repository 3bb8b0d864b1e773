package org.contactsync.sync.history;

import java.util.OptionalLong;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.contact.Uid;

/**
 * A contact of a past state, without its card.
 *
 * @param bytes of its card
 * @param until the task that ended this version; empty if it is a contact of the state's generation still
 */
public record PastLeaf(Uid uid, ContentHash hash, EntrySum entry, int bytes, OptionalLong until) {}
