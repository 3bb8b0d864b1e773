/**
 * Frees the threads of the server from clients that do not take their answers, or do not send their bodies.
 *
 * <p><b>In and out.</b> In: the connections of the server, whatever web module they use. Out: ended connections.
 *
 * <p>The server writes answers and reads bodies with blocking calls: a thread waits until the client has taken the bytes.
 * The server's own limit is a timeout for each part of 32 KiB, which a few hundred idle connections easily outlast.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A connection that takes its answer too slowly is ended ({@link org.contactsync.transport.StuckConnections}).
 *   <li>While many threads wait for clients, those that wait for the most silent ones become free within a fraction of a
 *       second.
 *   <li>No thread waits for a body that had to give up its place.
 *   <li>Requests that are being processed, and idle connections, are never touched.
 * </ol>
 *
 * <p><b>Not here.</b> Limits on requests and who may send them ({@code api}); the limit on connections (configuration of
 * the server).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.transport;
