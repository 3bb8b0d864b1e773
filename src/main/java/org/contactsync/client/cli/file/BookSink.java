package org.contactsync.client.cli.file;

import java.io.IOException;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.json.PageReader.ContactVisitor;

/** Where a book is written, contact by contact. Nothing of it is there before {@link #finish}, or if that is never called. */
public interface BookSink extends ContactVisitor, AutoCloseable {
    /** How many contacts there were so far. */
    long contacts();

    /** Of what was written. */
    CheckCode checkCode();

    /** The book is whole. */
    void finish() throws IOException;

    /** What is not finished is removed. */
    @Override
    void close() throws IOException;
}
