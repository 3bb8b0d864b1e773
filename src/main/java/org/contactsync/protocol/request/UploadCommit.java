package org.contactsync.protocol.request;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * The end of an upload.
 *
 * @param checkAfter the second check code as the client predicts it; goes before the one announced at the opening
 * @param confirmDeletes the user has confirmed that most of the book goes
 */
public record UploadCommit(Optional<CheckCode> checkAfter, boolean confirmDeletes) {}
