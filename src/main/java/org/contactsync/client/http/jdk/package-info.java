/**
 * HTTP by the client of the JDK: what the library uses when it is given nothing else. Android does not have this client.
 *
 * <p><b>In and out.</b> As {@link org.contactsync.client.http.port.HttpPort}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No other package of the library uses {@code java.net.http}.
 *   <li>The threads are daemons, and end when the object is not reachable any more.
 * </ol>
 *
 * <p><b>Not here.</b> Which address a token may go to ({@code client.http}).
 */
@NullMarked
package org.contactsync.client.http.jdk;

import org.jspecify.annotations.NullMarked;
