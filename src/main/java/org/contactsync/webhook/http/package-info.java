/**
 * Sends one request to an address that was checked, and reads no more of the answer than it needs.
 *
 * <p><b>In and out.</b> An endpoint and a {@link org.contactsync.webhook.Message} in; a {@link org.contactsync.webhook.Result} out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A connection goes to an address that {@link org.contactsync.webhook.http.AddressRules} allow, and that is the address that was
 *       looked up for this request. The certificate names the host of the URL.
 *   <li>Nothing is followed: no redirect, no other host.
 *   <li>An attempt ends within {@link org.contactsync.webhook.http.HttpPost#LONGEST}, however the other side behaves; it reads 16 KiB at
 *       most. The look-up of the name is a part of that ({@link org.contactsync.webhook.http.TimedNames}).
 * </ol>
 *
 * <p><b>Not here.</b> Which hosts the operator has allowed ({@code settings}); when the next attempt is made ({@code webhook}).
 */
@NullMarked
package org.contactsync.webhook.http;

import org.jspecify.annotations.NullMarked;
