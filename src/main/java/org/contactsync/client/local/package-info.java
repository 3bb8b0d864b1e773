/**
 * The local database of one account on one device: what this device holds of each contact, what phone and server were last seen to have,
 * and the task that is under way. In SQLite, over a port that has a handful of methods.
 *
 * <pre>
 *               seen ◀─ stands for ─ written              server
 *   phone ◀────────────────┐            │                    │ ─────────────────▶ server
 *                          └── down: written ≠ card ≠ server: up
 * </pre>
 *
 * <p><b>In and out.</b> {@link org.contactsync.client.local.LocalContact}s, the {@link org.contactsync.client.local.Agreement} with the server,
 * the {@link org.contactsync.client.local.Outbox}, {@link org.contactsync.client.local.ConflictCopy}s.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A write is whole or has not happened, whatever is killed; it costs as much as what it changes, however large the book is.
 *   <li>One process at a time works on a database. Each has a number, higher than that of the one before; a process that has lost its turn
 *       cannot write any more.
 *   <li>Only the owner of the files can read them. They contain contacts and the check key, but no token.
 * </ol>
 *
 * <p><b>Not here.</b> What is decided about a contact ({@code client.device}); the order of the tasks ({@code client.queue}).
 *
 * <p>On Android {@link org.contactsync.client.local.JdbcSqlite} is replaced by an implementation of {@link org.contactsync.client.local.Sql} over
 * the platform's own SQLite ({@code docs/clients.md}).
 */
@NullMarked
package org.contactsync.client.local;

import org.jspecify.annotations.NullMarked;
