/**
 * Cards from vCard files, as phones and mail programs export them, and vCards from cards ({@link org.contactsync.vcard.write.VcardWriter}).
 *
 * <pre>
 *   bytes ──unfolding, charset──▶ text ──ez-vcard──▶ properties ──mappings (RFC 9555)──▶ card + uid
 *                                              └── what has no place in a card ──▶ vCardProps, word for word
 * </pre>
 *
 * <p><b>In and out.</b> A whole file of vCards 2.1, 3.0 or 4.0, also mixed; out come contacts in the order of the file,
 * each a {@link org.contactsync.contact.Uid} and a {@link org.contactsync.contact.Card} (JSContact, RFC 9553) that fits
 * the card profile and its size, and notices in plain words about everything that could not be taken over as it stood.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Nothing is dropped silently: a property without a place in JSContact is kept in {@code vCardProps}; what cannot
 *       be kept is named in a notice.
 *   <li>The same file gives the same uids and the same cards, always: see {@link org.contactsync.vcard.read.ContactUids}.
 *   <li>Text is changed only where the profile forces it: CR LF and CR become LF, other control characters are left out.
 *   <li>A file that is cut off or holds no vCard is refused as a whole, so that nobody takes it for a smaller book.
 * </ol>
 *
 * <p><b>Not here.</b> What is done with the contacts ({@code client}), hashes ({@code checkcode}).
 */
@NullMarked
package org.contactsync.vcard;

import org.jspecify.annotations.NullMarked;
