/**
 * What makes the program at home on a machine: installation, completion in shells, manual pages.
 *
 * <p><b>In and out.</b> In: the commands and options themselves. Out: files and scripts.
 *
 * <p><b>Promises.</b> Nothing is said here that the commands do not say themselves; a file of somebody else is not replaced.
 *
 * <p><b>Not here.</b> The commands ({@code client.cli}).
 */
@NullMarked
package org.contactsync.client.cli.setup;

import org.jspecify.annotations.NullMarked;
