/**
 * The port between this client and whatever speaks HTTP on its platform.
 *
 * <p><b>In and out.</b> In: a {@link org.contactsync.client.http.port.Request} and a {@link org.contactsync.client.http.port.Receiver}. Out: the
 * {@link org.contactsync.client.http.port.Head} of an answer, whose body went to the receiver.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Nothing here, and nothing that uses it, needs the package {@code java.net.http}: Android does not have it.
 *   <li>A body is never held as a whole: the receiver says when it is enough.
 * </ol>
 *
 * <p><b>Not here.</b> Implementations ({@code client.http.jdk}, {@code client.http.okhttp}); repetitions, limits in bytes and in time
 * ({@code client.http}).
 */
@NullMarked
package org.contactsync.client.http.port;

import org.jspecify.annotations.NullMarked;
