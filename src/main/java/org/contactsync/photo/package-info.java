/**
 * Photos of contacts: files that are named by the SHA-256 of their bytes.
 *
 * <pre>
 *  bytes ──▶ PhotoIntake: digest, format, pieces of 256 KiB ──▶ Photos, or their rows only and PhotoObjects
 *  Photos, PhotoObjects ──▶ PhotoCheck ──▶ bytes
 *  cards ──▶ PhotoReferences ──▶ PhotoSweep ──▶ UnusedPhotos: which ones nobody refers to
 *  ObjectRows ──▶ ObjectSweep ──▶ PhotoObjects: pieces that no photo has any more
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
 *   <li>A store of pieces that is slow, away or wrong ({@link org.contactsync.photo.PhotoObjects}) concerns photos alone. There is no photo
 *       without its pieces, and no piece without a row.
 * </ol>
 *
 * <p><b>Not here.</b> HTTP ({@code api.photo}), rows ({@code store.photo}), transactions ({@code queue.work}), a store of pieces outside of the
 * database ({@code store.object}, decision 53).
 */
@NullMarked
package org.contactsync.photo;

import org.jspecify.annotations.NullMarked;
