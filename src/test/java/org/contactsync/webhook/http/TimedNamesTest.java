package org.contactsync.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name server that does not answer. */
class TimedNamesTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch answered = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        answered.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answersAndFailsAsTheSystemDoes() throws Exception {
        TimedNames names = names(LONG);
        answered.countDown();

        assertThat(names.lookUp("known.example")).containsExactly(InetAddress.getByName("127.0.0.1"));
        assertThatThrownBy(() -> names.lookUp("unknown.example")).isInstanceOf(UnknownHostException.class);
        assertThat(names.lookUp("known.example")).hasSize(1);
        assertThat(asked).containsExactly("known.example", "unknown.example", "known.example");
    }

    /** It may take a minute: that is not waited for, and nobody asks again meanwhile. */
    @Test
    void waitsNoLongerThanItMayAndAsksOnce() throws Exception {
        TimedNames names = names(SHORT);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> names.lookUp("known.example")).isInstanceOf(UnknownHostException.class);
        }
        assertThatThrownBy(() -> names.lookUp("other.example")).isInstanceOf(UnknownHostException.class);

        answered.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(asked).containsExactlyInAnyOrder("known.example", "other.example");

        // Nothing is left of it.
        TimedNames later = new TimedNames(this::ask, Runnable::run, LONG);
        assertThat(later.lookUp("known.example")).hasSize(1);
        assertThat(later.lookUp("known.example")).hasSize(1);
        assertThat(asked).hasSize(4);
    }

    @Test
    void asksAgainWhenAThreadWasRefused() throws Exception {
        boolean[] refuse = {true};
        answered.countDown();
        TimedNames names = new TimedNames(
                this::ask,
                work -> {
                    if (refuse[0]) {
                        throw new RejectedExecutionException();
                    }
                    work.run();
                },
                LONG);
        assertThatThrownBy(() -> names.lookUp("known.example")).isInstanceOf(UnknownHostException.class);
        refuse[0] = false;

        assertThat(names.lookUp("known.example")).hasSize(1);
    }

    private TimedNames names(Duration longest) {
        return new TimedNames(this::ask, executor, longest);
    }

    private InetAddress[] ask(String host) throws UnknownHostException {
        asked.add(host);
        try {
            assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (host.startsWith("unknown")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }
}
