/**
 * Keeps pieces of photos in an S3-compatible store.
 *
 * <pre>
 *  bucket: photos/&lt;upload&gt;/&lt;number&gt;   a piece, at most 256 KiB; the upload is a random id, a row of photo_object
 * </pre>
 *
 * <p><b>In and out.</b> The port {@link org.contactsync.photo.PhotoObjects}, as one signed request for each call.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A call ends within ten seconds, holds one piece, and tries twice at most.
 *   <li>Of a store that is away, one call in five seconds waits for it; the others are refused at once.
 *   <li>Only {@code PUT}, {@code GET} and {@code DELETE} of one object are used; nothing is listed.
 *   <li>Keys and what the store answers are in no log and no exception.
 * </ol>
 *
 * <p><b>Not here.</b> Which pieces there are and which of them may go ({@code photo}, {@code store.photo}).
 */
@NullMarked
package org.contactsync.store.object;

import org.jspecify.annotations.NullMarked;
