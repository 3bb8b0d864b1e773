/**
 * Tokens for trying things out, on a machine without an issuer.
 *
 * <p><b>In and out.</b> {@code POST /dev/tokens} in; a token out, signed with a key that the first process on its data
 * directory made.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>With an issuer configured nothing of this exists.
 *   <li>A web page from elsewhere gets no token: host, origin and fetch site of a request are checked.
 *   <li>A form has a limit of 4 KiB.
 * </ol>
 *
 * <p><b>Not here.</b> How tokens are verified ({@code access}).
 */
@NullMarked
package org.contactsync.access.development;

import org.jspecify.annotations.NullMarked;
