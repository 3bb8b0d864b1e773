/**
 * The parts that every entry point of the service needs: they read bodies, take places, find the owner's book, build
 * responses.
 *
 * <p><b>In and out.</b> In: parts of a request. Out: values that {@code queue} and {@code sync} understand; responses built
 * from their answers.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Bodies and answers have limits in bytes and in time, per user and in total.
 *   <li>A refusal is a problem of protocol §5.
 * </ol>
 *
 * <p><b>One room.</b> A request passes most of these classes, one after the other. Five of them read a body: they share its place,
 * its pace and its limit, and show only {@link org.contactsync.door.BodyReader} and {@link org.contactsync.door.RequestBody}.
 *
 * <p><b>Not here.</b> Paths and methods ({@code api}).
 */
@NullMarked
package org.contactsync.door;

import org.jspecify.annotations.NullMarked;
