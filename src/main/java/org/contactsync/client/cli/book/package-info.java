/**
 * The commands that bring a book in files and the server's book together, or tell how they stand to each other.
 *
 * <p><b>In and out.</b> Files, folders or standard streams in and out; lines or JSON on standard output.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What is written is one state of the server's book, or nothing.
 *   <li>No contact of a file or a folder is deleted without being asked for.
 * </ol>
 *
 * <p><b>Not here.</b> What a push does ({@code client}), what a vCard means ({@code vcard}).
 */
@NullMarked
package org.contactsync.client.cli.book;

import org.jspecify.annotations.NullMarked;
