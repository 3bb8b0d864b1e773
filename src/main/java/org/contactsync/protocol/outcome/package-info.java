/**
 * What a request came to: applied, accepted, acknowledged, refused, and views of tasks.
 *
 * <p><b>In and out.</b> Made by {@code sync}; {@code protocol.json.Answers} makes status and JSON of it.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>An outcome says all that its answer needs; nobody looks into texts.
 * </ol>
 *
 * <p><b>Not here.</b> JSON ({@code protocol.json}), how answers are kept ({@code sync.task.Receipts}).
 */
@NullMarked
package org.contactsync.protocol.outcome;

import org.jspecify.annotations.NullMarked;
