/**
 * HTTP by OkHttp, for Android. The library does not bring OkHttp along: a program that uses this package has it.
 *
 * <p><b>In and out.</b> As {@link org.contactsync.client.http.port.HttpPort}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>It keeps to the port, whatever the given client is set to: no redirects, no cookies, no cache.
 *   <li>What else is set in the given client holds: proxy, DNS, trusted certificates, interceptors.
 * </ol>
 *
 * <p><b>Not here.</b> Which address a token may go to ({@code client.http}).
 */
@NullMarked
package org.contactsync.client.http.okhttp;

import org.jspecify.annotations.NullMarked;
