/**
 * Uploads in chunks: they are opened, staged, committed, cancelled, or they expire.
 *
 * <p><b>In and out.</b> Steps of an upload in; acknowledgements and outcomes out. The port
 * {@link org.contactsync.sync.upload.Staging} stores chunks.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Chunk n + 1 is refused until n is acknowledged.
 *   <li>Nobody reads staged data before the commit, which changes the book completely or not at all.
 *   <li>A lease ends an abandoned upload; the book is unchanged.
 * </ol>
 *
 * <p><b>Not here.</b> Incremental tasks ({@code sync.apply}).
 */
@NullMarked
package org.contactsync.sync.upload;

import org.jspecify.annotations.NullMarked;
