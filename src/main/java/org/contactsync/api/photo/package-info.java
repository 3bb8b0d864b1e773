/**
 * The resource of photos.
 *
 * <p><b>In and out.</b> Bytes of a photo in, under the name of their SHA-256; the same bytes out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A photo that was answered 200 is stored as a whole. After any other answer nothing of it is there, or soon will not be.
 *   <li>Neither a slow sender nor a slow reader holds more than one piece, nor a connection to the database.
 *   <li>To read makes no book.
 * </ol>
 *
 * <p><b>Not here.</b> What a photo is ({@code photo}); the contacts that refer to it, which come on their own ways and never wait for one.
 */
@NullMarked
package org.contactsync.api.photo;

import org.jspecify.annotations.NullMarked;
