/**
 * The bytes of a vCard file as lines of text.
 *
 * <p><b>In and out.</b> Bytes in; unfolded lines and notices out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Lines are unfolded before they are decoded, so that a character that was folded in the middle stays whole.
 *   <li>A code page that is guessed is named in a notice.
 * </ol>
 *
 * <p><b>Not here.</b> What a line means ({@code vcard.read}).
 */
@NullMarked
package org.contactsync.vcard.file;

import org.jspecify.annotations.NullMarked;
