package org.contactsync.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");

    private final Feed feed = new Feed(ADA, 0, 0);

    @Test
    void tellsTheLatestStateOnce() {
        feed.begun(state(3));
        assertThat(feed.newsFor(state(3))).isEmpty();

        assertThat(changed(4, "phone")).isTrue();
        assertThat(changed(5, "phone")).isTrue();

        assertThat(feed.newsFor(state(3))).contains(news(5, "phone"));
        assertThat(feed.newsFor(news(5, "phone"))).isEmpty();
    }

    @Test
    void neverGoesBackForAnEventThatComesLateOrTwice() {
        feed.begun(state(3));
        changed(5, "phone");

        assertThat(changed(4, "phone")).isFalse();
        assertThat(changed(5, "phone")).isFalse();

        assertThat(feed.newsFor(state(3))).map(BookNews::seq).contains(5L);
    }

    @Test
    void namesTheDeviceOnlyIfItMadeEveryChange() {
        feed.begun(state(3));
        changed(4, "phone");
        changed(5, "tablet");

        assertThat(feed.newsFor(state(3))).contains(state(5));
        assertThat(feed.newsFor(state(4))).contains(news(5, "tablet"));
    }

    @Test
    void namesNoDeviceIfAnEventIsMissing() {
        feed.begun(state(3));
        changed(5, "phone");

        assertThat(feed.newsFor(state(3))).contains(state(5));
    }

    @Test
    void namesNoDeviceForChangesWithoutOne() {
        feed.begun(state(3));
        feed.changed(new BookChanged(ADA, 4, code(4), Optional.empty()));
        changed(5, "phone");

        assertThat(feed.newsFor(state(3))).contains(state(5));
    }

    @Test
    void takesWhatTheDatabaseSaysIfNothingHasHappenedSince() {
        feed.begun(state(3));

        assertThat(feed.looked(state(7), feed.version())).isTrue();
        assertThat(feed.newsFor(state(3))).contains(state(7));

        // An older backup was restored.
        assertThat(feed.looked(state(2), feed.version())).isTrue();
        assertThat(feed.newsFor(state(7))).contains(state(2));
    }

    @Test
    void leavesOutALookThatAnEventHasOvertaken() {
        feed.begun(state(3));
        long before = feed.version();
        changed(4, "phone");

        assertThat(feed.looked(state(3), before)).isFalse();

        assertThat(feed.newsFor(state(3))).contains(news(4, "phone"));
    }

    @Test
    void wantsALookWhenWhatItHearsContradicts() {
        feed.begun(state(7));
        assertThat(feed.isDoubtful()).isFalse();

        changed(3, "phone");

        assertThat(feed.isDoubtful()).isTrue();
        assertThat(feed.isDoubtful()).isFalse();
    }

    @Test
    void tellsOthersWhenOneBeginsWithANewerState() {
        feed.begun(state(3));

        assertThat(feed.begun(state(3))).isFalse();
        assertThat(feed.begun(state(4))).isTrue();

        assertThat(feed.newsFor(state(3))).contains(state(4));
    }

    private boolean changed(long seq, String device) {
        return feed.changed(new BookChanged(ADA, seq, code(seq), Optional.of(new DeviceId(device))));
    }

    private static BookNews state(long seq) {
        return new BookNews(seq, code(seq), Optional.empty());
    }

    private static BookNews news(long seq, String device) {
        return new BookNews(seq, code(seq), Optional.of(new DeviceId(device)));
    }

    static CheckCode code(long seq) {
        return new CheckCode("ck1." + String.format("%042d", seq) + "A");
    }
}
