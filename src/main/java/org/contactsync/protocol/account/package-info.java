/**
 * What is known of an account besides its book: its devices.
 *
 * <p><b>In and out.</b> Made by the server from what it has stored, or by a client from an answer.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Immutable.
 * </ol>
 *
 * <p><b>Not here.</b> How devices are seen ({@code account}), JSON ({@code protocol.json}).
 */
@NullMarked
package org.contactsync.protocol.account;

import org.jspecify.annotations.NullMarked;
