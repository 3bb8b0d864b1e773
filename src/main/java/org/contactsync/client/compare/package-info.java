/**
 * What differs between the phone's book and the server's, and what a push does about it.
 *
 * <p><b>In and out.</b> In: the phone's book, the server's hashes, and the book of the last agreement. Out: a
 * {@link org.contactsync.client.compare.Difference}.
 *
 * <p><b>Promises.</b> Pure computation: no request, no file, no clock. A contact that only another device has changed is left
 * alone.
 *
 * <p><b>Not here.</b> How the server's hashes are found ({@code client}).
 */
@NullMarked
package org.contactsync.client.compare;

import org.jspecify.annotations.NullMarked;
