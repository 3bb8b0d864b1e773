/**
 * Keeps the contact book of one device and the server's the same, in both directions.
 *
 * <pre>
 *   watch, period, push hint, event ──▶ queue ──▶ one task:
 *
 *   phone ──take in──▶ local database ◀──take in── server      what has changed is merged, field by field
 *   phone ◀──bring──── local database ───send────▶ server      what the other side has yet to get
 * </pre>
 *
 * <p><b>In and out.</b> An {@link org.contactsync.client.addressbook.AddressBook}, an account and a folder for the state in; a
 * {@link org.contactsync.client.device.SyncReport} for each task, and {@link org.contactsync.client.device.SyncEvent}s on the way.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Before anything is done, the local database is compared with the address book, and the server is asked whether its book is still the
 *       one that is known: no difference, no task.
 *   <li>Killed at any instruction, the client goes on: each step is one transaction of the local database, what is about to be sent is in it
 *       with its key, and a repeated step finds done what is done.
 *   <li>Changes to different fields of a contact are both kept. Of two values for one field the card that gives way is kept as a conflict copy. Of an
 *       edit and a deletion the edit is kept.
 *   <li>The second check code is compared with the own one. If they differ: what was missed is taken in, then the digest tree is
 *       compared, then the whole book is uploaded, once; each rung is logged and counted.
 *   <li>What cannot be seen is not deleted; a task that would delete most of a book, on either side, waits for a person.
 *   <li>A server that was restored from a backup gets back what it lost; an account that was erased is filled again only when a person says so.
 *       Where another device has filled it, the server's cards stand, and own ones that differ are kept as conflict copies. An empty local database, or one that belongs to another address book, recognises the contacts of phone and server by their content. A name
 *       alone makes two contacts one only if it is a UUID that is not made from a name.
 *   <li>Without {@link org.contactsync.client.device.SyncOptions.Mode#TWO_WAY} nothing is written to the phone.
 * </ol>
 *
 * <p><b>One room.</b> The two sides, the sending and the ladder of one task share its counts and its database, and nothing outside of this package
 * may call them but the client; half of the classes are the values that a program sees.
 *
 * <p><b>Not here.</b> How cards are merged ({@code client.merge}), how a task is sent ({@code client}), in which order ({@code client.queue}).
 */
@NullMarked
package org.contactsync.client.device;

import org.jspecify.annotations.NullMarked;
