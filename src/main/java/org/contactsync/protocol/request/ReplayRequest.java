package org.contactsync.protocol.request;

/**
 * An operator wants an endpoint to be told again of a book.
 *
 * @param owner the key that stands for its user
 * @param fromSeq of the first change
 */
public record ReplayRequest(String owner, long fromSeq) {}
