/**
 * The commands that keep a folder of vCards, or one file, and the server's book the same, in both directions: once ({@code sync}), or until
 * they are ended ({@code watch}); and what is unfinished ({@code queue}).
 *
 * <p><b>In and out.</b> The path of a folder or a file; what the library tells of its work, as lines or JSON.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each folder has a local database of its own: two folders of one account are two devices.
 *   <li>A folder belongs to one account; with another one nothing is done.
 *   <li>A folder that is gone is not an empty folder.
 * </ol>
 *
 * <p><b>Not here.</b> What is done to a contact ({@code client.device}); how files are read and written ({@code client.addressbook}).
 */
@NullMarked
package org.contactsync.client.cli.sync;

import org.jspecify.annotations.NullMarked;
