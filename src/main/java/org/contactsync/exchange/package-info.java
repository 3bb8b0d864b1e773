/**
 * Files of contacts as other programs write and read them: vCard 3.0 and 4.0, and JSContact; and the archive of an account.
 *
 * <p><b>In and out.</b> The bytes of a file in, changes and a report out; contacts in, the bytes of a file out. What an account has in, one
 * after the other; a ZIP out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A contact at fault is named, and the others are read.
 *   <li>What is read takes memory in proportion to one contact, whatever the file says.
 *   <li>A file that was exported and is imported again changes nothing.
 *   <li>An archive has a manifest only if it is whole, and takes memory for one contact, however large it is.
 * </ol>
 *
 * <p><b>Not here.</b> How properties become members of a card ({@code vcard}); requests ({@code api.exchange}).
 */
@NullMarked
package org.contactsync.exchange;

import org.jspecify.annotations.NullMarked;
