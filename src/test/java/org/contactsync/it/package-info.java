/**
 * The service as it is shipped: the built war in a server, or the packaged server as a process of its own.
 *
 * <p><b>In and out.</b> In: what {@code mvn package} and the server plugin made under {@code target}; {@code DB_KIND} says on
 * which database. Out: answers over HTTP.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every server, database and file that a test made ends with it; nothing is ended but by its process id.
 *   <li>Every wait has a bound.
 * </ol>
 *
 * <p><b>Not here.</b> What can be shown without a server is a unit test beside the class.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.it;
