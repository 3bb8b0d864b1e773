package org.contactsync.sync.history;

import org.contactsync.checkcode.CheckCode;

/**
 * What is recorded of a book at a sequence number.
 *
 * @param generation of its contacts then
 * @param code that its contacts must come to
 */
public record PastState(long seq, long generation, CheckCode code) {}
