/**
 * Finds out why synchronisation does not work, and says what to do.
 *
 * <p><b>In and out.</b> In: what every command uses. Out: findings in the order in which they matter, and a report for whoever helps.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>It changes nothing, on this machine or on the server, except the report that it is asked to write.
 *   <li>No contact, no UID, no token and no name of the user is in a finding or in the report.
 * </ol>
 *
 * <p><b>Not here.</b> The mending: each finding names the command that does it.
 */
@NullMarked
package org.contactsync.client.cli.doctor;

import org.jspecify.annotations.NullMarked;
