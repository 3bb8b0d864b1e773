/**
 * The JSON form of what crosses the wire.
 *
 * <p><b>In and out.</b> Request bodies (UTF-8 JSON, bounded by {@link org.contactsync.protocol.Limits}) become validated
 * values; outcomes become an {@link org.contactsync.protocol.outcome.Answer}: JSON text with its status and headers. Clients write
 * requests and read answers with the classes beside those: {@code RequestWriter} and {@code RequestReader}, {@code AnswerJson}
 * and {@code AnswerReader}, {@code PageJson} and {@code PageReader}, {@code ProblemJson} and {@code ProblemReader}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What was read is valid; what is not is refused with one {@link org.contactsync.protocol.problem.Problem} that names every
 *       contact at fault.
 *   <li>A card is carried as its canonical bytes, both ways, and never rewritten.
 *   <li>Reading requests is strict: malformed UTF-8, duplicate and unknown members, wrong types are refused.
 *   <li>Reading answers is lenient: members, states, kinds and problem types that a newer server has are no error.
 *   <li>What one side writes is read as the same value by the other ({@code JsonProperties}, {@code PageProperties}).
 *   <li>Equal values are written as equal bytes: the stored answer is the answer that was sent.
 * </ol>
 *
 * <p><b>One room.</b> Writer and reader of one form stand side by side, and all share the few classes that read and write JSON text;
 * in rooms of their own these would be open to everybody.
 *
 * <p><b>Not here.</b> The values ({@code protocol}), HTTP itself ({@code api}).
 */
@NullMarked
package org.contactsync.protocol.json;

import org.jspecify.annotations.NullMarked;
