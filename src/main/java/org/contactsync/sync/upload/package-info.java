/**
 * Uploads in chunks: opened, staged, committed, cancelled, expired.
 *
 * <p><b>In and out.</b> Steps of an upload in; acknowledgements and outcomes out. The port {@link org.contactsync.sync.upload.Staging} keeps chunks.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Chunk n + 1 is refused until n is acknowledged.
 *   <li>Nobody reads what is staged before the commit, which changes the book at once or not at all.
 *   <li>A lease ends an upload that is given up; the book is as it was.
 * </ol>
 *
 * <p><b>Not here.</b> Incremental tasks ({@code sync.apply}).
 */
@NullMarked
package org.contactsync.sync.upload;

import org.jspecify.annotations.NullMarked;
