/**
 * Properties of a vCard as members of a card (RFC 9555).
 *
 * <p><b>In and out.</b> A vCard of ez-vcard in; a draft of a card and a uid out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A property without a place in JSContact is kept in {@code vCardProps}, word for word.
 *   <li>The same properties give the same uid: see {@link org.contactsync.vcard.read.ContactUids}.
 * </ol>
 *
 * <p><b>One room.</b> Each class of mappings is one part of a contact, and all fill the same draft; a property is looked for in one table.
 *
 * <p><b>Not here.</b> Files and lines ({@code vcard.file}), the way back ({@code vcard.write}).
 */
@NullMarked
package org.contactsync.vcard.read;

import org.jspecify.annotations.NullMarked;
