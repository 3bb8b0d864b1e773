package org.contactsync.client.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.contactsync.client.Progress;

/** Tells what happens in plain lines; at most one line for every tenth of an upload. */
final class PlainProgress implements Progress {
    private final PrintWriter err;
    private long total;
    private long toldTenths;

    PlainProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void uploading(long done, long all) {
        total = Math.max(all, 1);
        toldTenths = 10 * done / total;
        err.println(
                done == 0 ? "Sending " + all + " contacts." : "Going on after " + done + " of " + all + " contacts.");
    }

    @Override
    public void acknowledged(long done) {
        long tenths = 10 * done / total;
        if (tenths > toldTenths) {
            toldTenths = tenths;
            err.println(done + " of " + total + " contacts acknowledged.");
        }
    }

    @Override
    public void retrying(String reason, Duration delay) {
        err.println("Trying again in " + delay.toMillis() + " ms: " + reason + ".");
    }

    @Override
    public void waiting(long position) {
        err.println("Another device is at work; waiting at position " + position + ".");
    }

    @Override
    public void comparing() {
        err.println("The book on the server has changed; comparing.");
    }
}
