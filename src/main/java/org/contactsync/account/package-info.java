/**
 * The account of a user besides the book itself: which devices it has, and its end.
 *
 * <pre>
 *  request ──▶ Sightings ──▶ once in some minutes a Sighting ──▶ DeviceRows
 *  erasure ──▶ ErasedAccounts: the book's row at once, everything else in small steps
 * </pre>
 *
 * <p><b>In and out.</b> Requests of devices in; a list of devices out. An owner in; nothing of him is left.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>To see a device costs its request no statement and no wait.
 *   <li>Whatever one user sends, the devices that are remembered of him are few, in memory and in the database.
 *   <li>Once an erasure has committed, nobody reads anything of the account, whatever is left of its rows.
 * </ol>
 *
 * <p><b>Not here.</b> The rows ({@code store.account}), who removes them ({@code queue.upkeep}), HTTP ({@code api.account}).
 */
@NullMarked
package org.contactsync.account;

import org.jspecify.annotations.NullMarked;
