/**
 * Says which user and device a request comes from.
 *
 * <p><b>In and out.</b> In: the {@code Authorization} and {@code Device-Id} headers of a request. Out: a
 * {@link org.contactsync.access.Caller}, or 401 as {@code application/problem+json}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No resource below {@code /v1} runs without a caller, and the caller's owner is the {@code iss} and {@code sub} of a
 *       verified token: issuer, audience, one asymmetric algorithm, expiry.
 *   <li>A request waits for the issuer's keys only while none are known, and not long.
 *   <li>When an issuer is configured, nothing below {@code /dev} exists and the development key is believed by nothing.
 * </ol>
 *
 * <p><b>Not here.</b> How a signature is checked (Nimbus JOSE + JWT). What an owner may do is no question: everything of their own, nothing else.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.access;
