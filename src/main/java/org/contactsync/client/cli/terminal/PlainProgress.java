package org.contactsync.client.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints progress as plain lines, at most one for each tenth of an upload or of a book that is read. */
public final class PlainProgress implements CommandProgress {
    /** A book that is read in less time than it takes to tell of it is not told of. */
    private static final long FEW = 2_000;

    private final PrintWriter err;
    private long total = 1;
    private long toldTenths;
    private boolean reading;

    public PlainProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void uploading(long done, long all) {
        total = Math.max(all, 1);
        toldTenths = 10 * done / total;
        err.println(
                done == 0 ? "Sending " + all + " contacts." : "Continuing after " + done + " of " + all + " contacts.");
    }

    @Override
    public void acknowledged(long done) {
        if (isAnotherTenth(done)) {
            err.println(done + " of " + total + " contacts acknowledged.");
        }
    }

    @Override
    public void reading(long done, long all) {
        if (all < FEW) {
            return;
        }
        if (!reading || done == 0) {
            reading = true;
            toldTenths = 0;
            err.println("Reading " + all + " contacts.");
        }
        total = all;
        if (isAnotherTenth(done)) {
            err.println(done + " of " + all + " contacts read.");
        }
    }

    @Override
    public void retrying(int attempt, String reason, Duration delay) {
        err.println("Waiting for the server: " + SafeText.line(reason) + "; retry " + attempt + " in "
                + String.format(Locale.ROOT, "%.1f", delay.toMillis() / 1000.0) + " s.");
    }

    @Override
    public void waiting(long position) {
        err.println(
                position == 0
                        ? "Waiting for the server to finish."
                        : "Another device is syncing; waiting at position " + position + ".");
    }

    @Override
    public void comparing() {
        err.println("The book on the server has changed; comparing.");
    }

    private boolean isAnotherTenth(long done) {
        long tenths = 10 * done / total;
        boolean another = tenths > toldTenths;
        toldTenths = Math.max(tenths, toldTenths);
        return another;
    }
}
