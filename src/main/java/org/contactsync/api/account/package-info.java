/**
 * The resources of an account: its devices, and its end.
 *
 * <p><b>In and out.</b> Requests of a user in; a list of devices, or nothing, out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No request here creates a book.
 *   <li>What is written to the log of an erasure does not say whose account it was.
 * </ol>
 *
 * <p><b>Not here.</b> Devices and erasure themselves ({@code account}, {@code queue.upkeep}); the same for operators ({@code api.admin}).
 */
@NullMarked
package org.contactsync.api.account;

import org.jspecify.annotations.NullMarked;
