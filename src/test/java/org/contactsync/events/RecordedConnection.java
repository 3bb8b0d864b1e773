package org.contactsync.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A connection that takes everything, until it is told to be otherwise. */
final class RecordedConnection implements EventConnection {
    final List<String> sent = new ArrayList<>();
    boolean full;
    boolean broken;
    boolean gone;
    int ended;
    int cut;

    @Override
    public boolean send(String text) throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
        if (!full) {
            sent.add(text);
        }
        return !full;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void end() {
        ended++;
    }

    @Override
    public void cut() {
        cut++;
    }
}
