/**
 * Turns a card, a contact, a book into canonical bytes and a check code.
 *
 * <pre>
 *   Card ──JCS──▶ canonical bytes ──H(01)──▶ content hash ──H(02, uid)──▶ entry ──Σ mod 2^256──▶ book digest
 *                                                                                                  │
 *   uid ──H(03)──▶ position (4 hex digits, the place in the digest tree)                      H(04, prefix)
 *                                                                                                  ▼
 *                                                                               node of the tree; root = check code
 * </pre>
 *
 * <p><b>In and out.</b> {@link org.contactsync.contact.Card} and {@link org.contactsync.contact.Uid} in; hashes of 32
 * bytes, positions of 2 bytes, tree nodes of 16 bytes and check codes of 47 characters out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Byte for byte the {@code ck1} of {@code docs/protocol.md} §2, proven by the vectors in {@code check-code/}.
 *   <li>A change of a book costs O(1): its digest is a sum, from which old entries are taken and to which new are added.
 *   <li>Values are immutable; only {@link org.contactsync.checkcode.CheckCodes} is for one thread at a time.
 * </ol>
 *
 * <p><b>Not here.</b> Which contacts a book has ({@code store}), and when codes are compared ({@code sync}).
 */
@NullMarked
package org.contactsync.checkcode;

import org.jspecify.annotations.NullMarked;
