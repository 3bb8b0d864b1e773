package org.contactsync.protocol;

import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;

/**
 * A summary of a book (protocol §4.1).
 *
 * @param count contacts
 * @param seq grows with every change of the book
 * @param running tasks at work, 0 or 1
 * @param waiting tasks behind it
 * @param changesFrom how far the feed of changes reaches back: it knows what has changed since this {@code seq}
 */
public record BookHead(
        long count, long seq, CheckCode checkCode, CheckKey checkKey, long running, long waiting, long changesFrom) {}
