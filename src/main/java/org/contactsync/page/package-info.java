/**
 * What a person sees at {@code /}, and what browsers are told of the files below {@code /js} and {@code /page}.
 *
 * <p><b>In and out.</b> In: the settings. Out: the web page with its security policy, the addresses of this instance as plain text
 * and as lines of the log.
 *
 * <p><b>It promises.</b>
 *
 * <ol>
 *   <li>Where the data is stands in the log only.
 *   <li>A browser uses no file below {@code /js} or {@code /page} that this version does not have.
 *   <li>The web page runs no script from elsewhere and none inline, and talks to this service and the issuer only.
 * </ol>
 *
 * <p><b>Not here.</b> The files themselves, which the server sends as they are: {@code src/main/webapp}.
 */
@NullMarked
package org.contactsync.page;

import org.jspecify.annotations.NullMarked;
