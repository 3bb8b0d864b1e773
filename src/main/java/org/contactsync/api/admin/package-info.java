/**
 * The resources of operators: tasks that failed too often, books that differ from their contacts, webhooks.
 *
 * <p><b>In and out.</b> Requests of operators in; lists, and steps that repair, out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every resource is closed to users who are not operators ({@link org.contactsync.access.AdminOnly}).
 *   <li>Every change is in the audit file. No answer contains contact data.
 * </ol>
 *
 * <p><b>Not here.</b> The scrub itself ({@code sync.scrub}), repairs ({@code queue.upkeep}), deliveries ({@code webhook}).
 */
@NullMarked
package org.contactsync.api.admin;

import org.jspecify.annotations.NullMarked;
