/**
 * The client: brings a phone's contact book to the server and makes sure that both have the same.
 *
 * <pre>
 *   phone book ─┐                         ┌─ one request ─────────────┐
 *               ├─ Comparison ─ changes ──┤                           ├─ second check code = own? ─ yes ─▶ StateFile
 *   StateFile ──┘                         └─ Upload, chunk by chunk ──┘            │
 *       ▲                                                                          no
 *       └──────────── Survey: what does the server have? ◀─────────────────────────┘   at last: replace
 * </pre>
 *
 * <p><b>In and out.</b> A {@link org.contactsync.client.compare.PhoneBook} in; a {@link org.contactsync.client.PushResult} out,
 * with the counts of what was done. In between HTTP requests to one account of one server, and one file of state.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>After a push every contact of the phone book is on the server, and the check code of the server's book is the one
 *       that this client computed itself.
 *   <li>A contact that this client never had stays on the server. One that it had and that is gone from the phone book is
 *       deleted, unless another device has changed it since.
 *   <li>A contact that only another device has changed is left as that device made it; one that was changed on both sides
 *       becomes what the phone book says, unless {@link org.contactsync.client.compare.OnConflict} says otherwise. A card that is
 *       overwritten so is on this side's disk before, and is named in the result.
 *   <li>A list of contacts is believed only when its check code, computed here, is the server's.
 *   <li>When the server was restored from a backup, what it lost is sent again and nothing is deleted.
 *   <li>Killed at any moment, the client goes on where it stopped: what it is about to send is on disk before it is sent,
 *       every write carries an idempotency key, and an upload continues at the chunk that the server asks for.
 *   <li>Nothing has changed: one request, answered without a body.
 *   <li>What differs for an unknown reason is found at a cost that depends on the difference, also without a state of its own.
 * </ol>
 *
 * <p><b>Not here.</b> Reading files ({@code vcard}), talking to a person ({@code client.cli}).
 */
@NullMarked
package org.contactsync.client;

import org.jspecify.annotations.NullMarked;
