/**
 * What a contact is: the values, the card profile and their limits.
 *
 * <p><b>In and out.</b> Plain values only: a {@link org.contactsync.contact.Uid} (1 to 255 bytes of UTF-8) and a
 * {@link org.contactsync.contact.Card}, a tree of {@link org.contactsync.contact.CardValue}s. No text form is read or
 * written here.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A value that exists is valid: its constructor refuses what the profile forbids and names the limit.
 *   <li>Nothing is rewritten: no trimming, no Unicode normalisation, no repair.
 *   <li>Every value is immutable and safe to share between threads.
 * </ol>
 *
 * <p><b>Not here.</b> Canonical bytes and hashes ({@code checkcode}), JSON on the wire ({@code protocol}), vCard
 * ({@code vcard}).
 */
@NullMarked
package org.contactsync.contact;

import org.jspecify.annotations.NullMarked;
