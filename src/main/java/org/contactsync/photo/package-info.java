/**
 * Photos of contacts: files that are named by the SHA-256 of their bytes.
 *
 * <pre>
 *  bytes ──▶ PhotoIntake: digest, format, pieces of 256 KiB ──▶ Photos
 *  cards ──▶ PhotoReferences ──▶ PhotoSweep ──▶ UnusedPhotos: which ones nobody refers to
 * </pre>
 *
 * <p><b>In and out.</b> Bytes in, piece by piece; the same bytes out. A card names a photo by its URI; nothing here is in the digest.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A photo is there as a whole, and is what its name says, or it is not there.
 *   <li>Whatever a user sends, one piece is held in memory for each upload.
 *   <li>A photo belongs to one user; nobody learns whether another one has it.
 *   <li>A photo that a card of the book or of its history refers to stays. One that nobody refers to stays for the time of grace.
 * </ol>
 *
 * <p><b>Not here.</b> HTTP ({@code api.photo}), rows ({@code store.photo}), transactions ({@code queue.work}). Another store than the database
 * would be another implementation of {@link org.contactsync.photo.Photos} and {@link org.contactsync.photo.UnusedPhotos} (decision 46).
 */
@NullMarked
package org.contactsync.photo;

import org.jspecify.annotations.NullMarked;
