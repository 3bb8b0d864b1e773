/**
 * Values that reading and writing vCards share: text, names, objects of a card.
 *
 * <p><b>In and out.</b> Values in, values out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Text is changed only where the card profile forces it.
 * </ol>
 *
 * <p><b>Not here.</b> Whole cards.
 */
@NullMarked
package org.contactsync.vcard.value;

import org.jspecify.annotations.NullMarked;
