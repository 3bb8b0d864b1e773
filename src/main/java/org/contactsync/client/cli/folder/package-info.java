/**
 * What this program remembers of folders and files of contacts between two runs.
 *
 * <pre>
 *   state directory / folders / hash of the path / pulled            what the last pull left in the folder, as hashes
 *                                                  kept.json         it is kept in both directions, with which account
 *                                                  *.db, conflicts-* of the library, and for a person
 * </pre>
 *
 * <p><b>In and out.</b> Paths in; what is known of them out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Only the owner of the state can read it.
 *   <li>A file is the old one or the new one, whatever is killed.
 * </ol>
 *
 * <p><b>Not here.</b> The folders themselves ({@code client.cli.file}), the databases ({@code client.local}).
 */
@NullMarked
package org.contactsync.client.cli.folder;

import org.jspecify.annotations.NullMarked;
