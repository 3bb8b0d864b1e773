/** The web page. */
@NullMarked
package org.contactsync.page;

import org.jspecify.annotations.NullMarked;
