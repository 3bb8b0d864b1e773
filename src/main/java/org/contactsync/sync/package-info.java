/**
 * Decides what a step does to a book: compares the first code, applies, compares the second code; handles task states,
 * waiting and leases; declares its ports.
 *
 * <pre>
 *   Step ─▶ lock the book ─▶ its turn? ──no──▶ parked (row with payload), answered 202, run later in order
 *                                │ yes
 *                                ▼
 *             first code ─▶ apply ─▶ second code ─▶ as predicted? ─▶ rows + book + task in one transaction
 * </pre>
 *
 * <p><b>In and out.</b> One {@link org.contactsync.sync.step.Step} in, {@link org.contactsync.sync.task.Replies} out, each an
 * {@link org.contactsync.protocol.outcome.Outcome}. Everything happens inside the caller's transaction; nothing here starts, ends or
 * assumes one.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A repeated step changes nothing and gets the stored answer (protocol §7.2), which
 *       {@link org.contactsync.sync.task.Receipts} makes.
 *   <li>Steps of one owner take effect one after the other: each locks the book's row first, and its write must still find
 *       the revision it read.
 *   <li>A refused step leaves the book unchanged; its refusal is stored as the task's answer.
 *   <li>The logic reads no clock, but takes the time from the database with the book's lock; it reads no other owner's
 *       rows.
 * </ol>
 *
 * <p><b>Not here.</b> Messages and transactions ({@code queue}), rows ({@code store}), JSON
 * ({@code protocol.json}), HTTP ({@code api}).
 */
@NullMarked
package org.contactsync.sync;

import org.jspecify.annotations.NullMarked;
