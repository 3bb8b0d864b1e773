/**
 * Connects to the database and migrates its schema to this version, once at start.
 *
 * <p><b>In and out.</b> A data source in; a schema of this version out, or a message that says why not.
 *
 * <p><b>Promises.</b> Several instances may start at once; an older one starts on a newer schema; an interrupted first
 * migration starts over if no row is lost by that.
 *
 * <p><b>Not here.</b> What the tables mean ({@code store}).
 */
@NullMarked
package org.contactsync.store.schema;

import org.jspecify.annotations.NullMarked;
