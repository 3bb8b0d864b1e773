/**
 * Finds contacts by number and by name.
 *
 * <p><b>In and out.</b> Numbers as a switch, a phone or a person writes them, or the beginnings of words, in; uid, name and label out. The
 * index behind it is derived from the cards: {@link org.contactsync.lookup.Indexing} brings it up to date in the background.
 *
 * <pre>
 *  card ──▶ IndexedCard: entries  n1234567/+4930…1234567   number, below its last seven digits
 *                                 ualice@example.org       SIP address
 *                                 wlovelace                word of the name
 * </pre>
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An answer is that of the book with its check code, however far the index is: contacts that it does not have yet are read from the
 *       feed.
 *   <li>Nothing in the index depends on a region: it is used only to read the number that is asked for and those that it is compared with.
 *   <li>A change of a book costs nothing here. Nothing here is in the digest.
 * </ol>
 *
 * <p><b>One room.</b> What is in an entry, what a request is compared with, and the two that read and write entries change together.
 *
 * <p><b>Not here.</b> HTTP ({@code api.lookup}), rows ({@code store.lookup}), when the index is brought up to date ({@code queue.upkeep}).
 */
@NullMarked
package org.contactsync.lookup;

import org.jspecify.annotations.NullMarked;
