package org.contactsync.client.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.contactsync.client.Progress;
import org.jspecify.annotations.Nullable;

/** A progress bar on a terminal. */
final class BarProgress implements Progress {
    private static final int UPDATE_MILLIS = 100;

    private @Nullable ProgressBar bar;

    @Override
    public void uploading(long done, long total) {
        bar = new ProgressBarBuilder()
                .setTaskName("Sending")
                .setUnit(" contacts", 1)
                .setInitialMax(total)
                .startsFrom(done, Duration.ZERO)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    @Override
    public void acknowledged(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void uploaded() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void retrying(String reason, Duration delay) {
        note("retrying: " + reason);
    }

    @Override
    public void waiting(long position) {
        note("waiting for another device");
    }

    private void note(String text) {
        if (bar != null) {
            bar.setExtraMessage(text);
        }
    }
}
