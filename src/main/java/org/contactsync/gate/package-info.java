/**
 * Filters requests to the web modules of the server itself: {@code /metrics}, {@code /health} and {@code /openapi}, which
 * need no token.
 *
 * <p><b>In and out.</b> In: every request to one of these modules. Out: the same request, or an answer of the gate.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A request with an ambiguous length is answered 400, and its connection is closed.
 *   <li>A method that these modules do not support is answered 405, an unknown method 501.
 *   <li>Metrics are generated at most once a second and the OpenAPI document once a minute, for any number of requests.
 *       Answers that cannot be shared are generated for two requests at a time; others are answered 503.
 * </ol>
 *
 * <p>It is packed as an extension of the server, because filters of an application do not cover other modules:
 * {@code src/main/liberty/extension}.
 *
 * <p><b>Not here.</b> Requests to the application: {@code api}. Clients that do not take their answer: {@code transport}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.gate;
