/**
 * Members of a card as properties of a vCard 4.0.
 *
 * <p><b>In and out.</b> A card in; a vCard as text out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What the reader has kept in {@code vCardProps} is written as it was.
 *   <li>Reading what was written gives the same card.
 * </ol>
 *
 * <p><b>Not here.</b> The way in ({@code vcard.read}).
 */
@NullMarked
package org.contactsync.vcard.write;

import org.jspecify.annotations.NullMarked;
