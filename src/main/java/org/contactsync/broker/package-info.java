/**
 * The Artemis resource adapter, with a broker inside the server if no external one is configured.
 *
 * <p><b>In and out.</b> In: the properties of {@code <properties.artemis>} in {@code messaging.xml}. Out: JMS connections
 * and message delivery for the application, in memory to the embedded broker or over TCP to an external one; the
 * application does not see the difference.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The embedded broker runs before the first connection is made and until after the last one is closed.
 *   <li>Its memory is limited, to more than the requests of one process can fill (decision 14); nothing is paged to disk.
 *   <li>It keeps nothing across a restart. That is enough, because nothing that was answered exists only in a message.
 * </ol>
 *
 * <p><b>Not here.</b> Messages and their meaning are in {@code org.contactsync.queue}. This package is packed into the
 * resource adapter archive ({@code .rar}), never into the war; it may import Artemis and nothing of the application.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.broker;
