/**
 * Every setting that the code reads, read and checked once, at start.
 *
 * <p><b>In and out.</b> In: environment variables and server variables, by MicroProfile Config ({@code HTTP_PORT} sets
 * {@code http.port}). Out: one {@link org.contactsync.settings.Settings}, the same for the life of the application.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A setting that is missing or wrong stops the application at its start, with the name of the variable and what is
 *       expected; nothing is found out later, by a request.
 *   <li>Development tokens are offered only when no issuer is configured.
 * </ol>
 *
 * <p><b>Not here.</b> Limits of the protocol are in {@code protocol}. Ports, pools and the broker's place are read by the
 * server itself ({@code src/main/liberty/config}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.settings;
