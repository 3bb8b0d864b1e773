/**
 * Books in files: read from vCards or JSON, written as JSON or vCards.
 *
 * <p><b>In and out.</b> A file or a standard stream in, a {@link org.contactsync.client.compare.PhoneBook} out; contacts in, a
 * file out. The archive of an account in; whether it is whole.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A file is looked over before it is read: its size, nesting and number of lines have limits.
 *   <li>A file that is written is there when it is whole, and not before.
 *   <li>Of a folder of vCards each file is replaced at once, and none is deleted.
 * </ol>
 *
 * <p><b>Not here.</b> What a vCard means ({@code vcard}).
 */
@NullMarked
package org.contactsync.client.cli.file;

import org.jspecify.annotations.NullMarked;
