package org.contactsync.client.http.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static final URI SERVER = URI.create("http://localhost/v1/book");

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb: c", "a\nb", "\u0000", "ü", "\u007f"})
    void noValueBecomesAnotherField(String value) {
        Request.Builder request = Request.to(SERVER).header("Prefer", value);

        assertThatThrownBy(request::build)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "ü", "a\n"})
    void aNameIsOneOfAField(String name) {
        Request.Builder request = Request.to(SERVER).header(name, "b");

        assertThatThrownBy(request::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFieldIsAddedToOrReplaced() {
        Request request = Request.to(SERVER)
                .header("Accept", "a")
                .header("accept", "b")
                .header("Prefer", "c")
                .setHeader("PREFER", "d")
                .build();

        assertThat(request.headers().allValues("ACCEPT")).containsExactly("a", "b");
        assertThat(request.headers().allValues("prefer")).containsExactly("d");
        assertThat(request.headers().firstValue("Host")).isEmpty();
    }

    @Test
    void theTokenIsNotShown() {
        Request request =
                Request.to(SERVER).header("Authorization", "Bearer secret").build();

        assertThat(request.toString()).doesNotContain("secret");
    }

    @Test
    void aLengthThatIsNoNumberIsNone() {
        assertThat(new Headers(Map.of("Content-Length", List.of("12"))).contentLength())
                .contains(12L);
        assertThat(new Headers(Map.of("Content-Length", List.of("-1"))).contentLength())
                .isEmpty();
        assertThat(new Headers(Map.of("Content-Length", List.of("9".repeat(40)))).contentLength())
                .isEmpty();
        assertThat(Headers.NONE.contentLength()).isEmpty();
    }
}
