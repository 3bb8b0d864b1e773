package org.contactsync.it;

import java.io.IOException;

/** A signal to a process that a test has started. */
public enum Signal {
    /** Holds it, as a long pause of its machine would. */
    STOP,
    /** Lets it go on. */
    CONT;

    /** Sends it and returns when it is sent. */
    public void to(long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("not sent: " + name() + " pid=" + pid);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
