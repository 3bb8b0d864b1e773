/**
 * Merges the changes that two sides made to one contact.
 *
 * <p><b>In and out.</b> In: what a side had and has, and the card of this device with the version of it that the side had. Out: the card with
 * the side's change in it, and whether something had to give way.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Pure computation. Changes to different fields are both kept, in whichever order they come; a field is a member of the card, or an
 *       entry of a map such as {@code phones}.
 *   <li>What a side does not show is not taken for deleted: a member that it never had stays.
 *   <li>Entries of a map such as {@code phones} are found by their content, whatever keys a side gives them. Entries that both sides added are
 *       both kept, unless they say the same.
 *   <li>A field that both sides changed differently gets one of the two values, and the result says so.
 * </ol>
 *
 * <p><b>Not here.</b> Deletions of contacts, and what becomes of the card that gave way ({@code client.device}).
 */
@NullMarked
package org.contactsync.client.merge;

import org.jspecify.annotations.NullMarked;
