package org.contactsync.gate;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedAnswerTest {
    private static final Duration LIFE = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();
    private final SharedAnswer answer = new SharedAnswer(LIFE, nanos::get);

    /** What a client gets: the few members of a response that are used here. */
    private static final class Client {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status = 200;
        private String type = "";

        HttpServletResponse response() {
            return (HttpServletResponse) Proxy.newProxyInstance(
                    Client.class.getClassLoader(),
                    new Class<?>[] {HttpServletResponse.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "setStatus" -> {
                            status = (int) arguments[0];
                            yield null;
                        }
                        case "getStatus" -> status;
                        case "setContentType" -> {
                            type = (String) arguments[0];
                            yield null;
                        }
                        case "getContentType" -> type;
                        case "isCommitted" -> false;
                        case "getOutputStream" -> stream();
                        case "setContentLength" -> null;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private ServletOutputStream stream() {
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void write(int b) {
                    body.write(b);
                }
            };
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    private void make(HttpServletResponse target, int status) throws IOException {
        target.setStatus(status);
        target.setContentType("text/plain");
        target.getOutputStream().write(("number " + made.incrementAndGet()).getBytes(StandardCharsets.UTF_8));
    }

    private Client ask() throws IOException, ServletException {
        Client client = new Client();
        assertThat(answer.write(client.response(), target -> make(target, 200))).isTrue();
        return client;
    }

    @Test
    void isMadeOnceInItsLife() throws IOException, ServletException {
        assertThat(ask().text()).isEqualTo("number 1");
        assertThat(ask().text()).isEqualTo("number 1");

        nanos.addAndGet(LIFE.toNanos());

        assertThat(ask().text()).isEqualTo("number 2");
        assertThat(ask().type).isEqualTo("text/plain");
    }

    @Test
    void aFailureIsNotShared() throws IOException, ServletException {
        Client refused = new Client();
        assertThat(answer.write(refused.response(), target -> make(target, 500)))
                .isTrue();

        assertThat(refused.status).isEqualTo(500);
        assertThat(refused.text()).isEqualTo("number 1");
        assertThat(ask().text()).isEqualTo("number 2");
    }

    @Test
    void whileItIsMadeAnewOthersGetTheLastOne() throws Exception {
        ask();
        nanos.addAndGet(LIFE.toNanos());
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Client> slow = CompletableFuture.supplyAsync(() -> {
            Client client = new Client();
            try {
                answer.write(client.response(), target -> {
                    making.countDown();
                    await(goOn);
                    make(target, 200);
                });
            } catch (IOException | ServletException e) {
                throw new IllegalStateException(e);
            }
            return client;
        });
        await(making);

        assertThat(ask().text()).isEqualTo("number 1");

        goOn.countDown();
        assertThat(slow.get(1, TimeUnit.MINUTES).text()).isEqualTo("number 2");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
