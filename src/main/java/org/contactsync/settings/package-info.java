/**
 * All settings of the code, read and checked once, at start.
 *
 * <p><b>In and out.</b> In: environment variables and server variables, by MicroProfile Config ({@code HTTP_PORT} sets
 * {@code http.port}). Out: one {@link org.contactsync.settings.Settings}, the same for the life of the application.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A missing or wrong setting makes the start fail, with the name of the variable and what is expected; no such error
 *       appears later, in a request.
 *   <li>Development tokens are offered only when no issuer is configured.
 * </ol>
 *
 * <p><b>One room.</b> Half of the classes are the values of one setting each; those that read and check them are visible here only.
 *
 * <p><b>Not here.</b> Limits of the protocol are in {@code protocol}. Ports, pools and the broker's address are read by the
 * server itself ({@code src/main/liberty/config}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.settings;
