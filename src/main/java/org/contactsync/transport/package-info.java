/**
 * Keeps the threads of the server from clients that do not take their answers, or do not send their bodies.
 *
 * <p><b>In and out.</b> In: the connections of the server, whatever web module they talk to. Out: connections that are ended.
 *
 * <p>The server writes answers and reads bodies in a blocking way: a thread belongs to the client until it has taken the bytes. The
 * server's own limit is a time for each part of 32 KiB, which a few hundred connections that do nothing outlast easily.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An answer that is taken too slowly is ended ({@link org.contactsync.transport.StuckConnections}).
 *   <li>When many threads wait for clients, those that wait for the most silent ones get free within a fraction of a second.
 *   <li>A body that had to make room for others is waited for no longer.
 *   <li>A request that is worked on, and a connection that is idle, is never touched.
 * </ol>
 *
 * <p><b>Not here.</b> How many requests are accepted, and from whom: {@code api}. How many connections there may be: the
 * configuration of the server.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.transport;
