/**
 * Stands before the web modules of the server itself: {@code /metrics}, {@code /health} and {@code /openapi}, which anybody can ask.
 *
 * <p><b>In and out.</b> In: every request to one of these modules. Out: the same request, or an answer of the gate's own.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A request that says in two ways where it ends is answered 400, and its connection closed.
 *   <li>A method that these modules do not have is answered 405, one that nobody knows 501.
 *   <li>Metrics are made at most once a second and the OpenAPI document once a minute, however many ask; what cannot be shared is
 *       made for two requests at once, the others are answered 503.
 * </ol>
 *
 * <p>It is packed as an extension of the server, since no filter of an application covers other modules: {@code src/main/liberty/extension}.
 *
 * <p><b>Not here.</b> Requests to the application: {@code api}. Clients that do not take their answer: {@code transport}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.gate;
