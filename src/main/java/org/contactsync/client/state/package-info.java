/**
 * What the client remembers between two runs, on disk.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.client.state.SyncState} in and out of one file for each account.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A save is whole or has not happened, whatever is killed.
 *   <li>One process at a time has the file; its owner alone can read it.
 * </ol>
 *
 * <p><b>Not here.</b> What the state is for ({@code client}).
 */
@NullMarked
package org.contactsync.client.state;

import org.jspecify.annotations.NullMarked;
