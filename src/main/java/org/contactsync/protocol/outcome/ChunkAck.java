package org.contactsync.protocol.outcome;

import org.contactsync.checkcode.CheckCode;

/**
 * The acknowledgement of a chunk, given only when it is durable.
 *
 * @param chunk the number acknowledged, from 1
 * @param nextChunk the only number accepted next
 * @param received contacts, or changes, of all chunks so far
 * @param checkCode the running code: of the staged contacts, or of the book with the staged changes
 */
public record ChunkAck(int chunk, int nextChunk, long received, CheckCode checkCode) {}
