/**
 * The phone's contact book as the client needs it, and the books that this library has.
 *
 * <p><b>In and out.</b> Out: what may have changed since a marker. In: edits, each with what the book must have for it. The book names its
 * contacts itself.
 *
 * <p><b>Promises</b> that each implementation keeps:
 *
 * <ol>
 *   <li>A contact that cannot be seen, for whatever reason, is never reported as deleted.
 *   <li>A name is one contact's at a time. Whether another phone uses it for another person does not matter.
 *   <li>An edit is made only if the contact is still what the edit says; otherwise it is left alone, and the result says so.
 *   <li>After an edit the book says how it shows the contact now. It may be less than it was given.
 * </ol>
 *
 * <p><b>Not here.</b> Which edits are made ({@code client.device}). {@code docs/clients.md} says how to implement the port on iOS and Android.
 */
@NullMarked
package org.contactsync.client.addressbook;

import org.jspecify.annotations.NullMarked;
