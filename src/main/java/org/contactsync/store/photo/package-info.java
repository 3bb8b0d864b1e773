/**
 * Stores photos and their bytes, and reads which of them cards refer to.
 *
 * <p><b>In and out.</b> In: pieces of photos. Out: the same pieces; cards of a book, for those who look for references.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What is decided about all photos of a user is decided under the lock of the book's row.
 *   <li>A piece is written only while its upload is open, so whoever removes the upload removes all its pieces.
 * </ol>
 *
 * <p><b>Not here.</b> Which photos may be removed ({@code photo}); the removal with an account ({@code store.account}).
 */
@NullMarked
package org.contactsync.store.photo;

import org.jspecify.annotations.NullMarked;
