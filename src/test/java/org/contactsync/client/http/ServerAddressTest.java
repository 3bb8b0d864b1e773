package org.contactsync.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 12.1: where a token may go. */
class ServerAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://contacts.example.com",
                "https://192.0.2.7:8443/prefix/",
                "http://localhost:9080",
                "http://LOCALHOST:9080",
                "http://127.0.0.1:9080",
                "http://127.1.2.3",
                "http://[::1]:9080/"
            })
    void takesWhatIsEncryptedOrOnThisMachine(String address) {
        assertThat(new ServerAddress(URI.create(address)).base().toString()).doesNotEndWith("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://contacts.example.com",
                "http://192.0.2.7:9080",
                "http://localhost.example.com",
                "http://127.0.0.1.example.com",
                "http://127.0.0.1@example.com",
                "http://[2001:db8::1]:9080",
                "http://0.0.0.0:9080",
                "ftp://localhost",
                "localhost:9080",
                "https:///v1",
                "https://ada:secret@contacts.example.com",
                "https://contacts.example.com?x",
                "https://contacts.example.com#x"
            })
    void refusesWhereOthersCouldReadTheToken(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerAddress(URI.create(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/book/contacts?after=a%2Fb&limit=1", "https://h.example/p/v1/book/changes?since=5"})
    void followsLinksWithinTheService(String link) throws Exception {
        ServerAddress server = new ServerAddress(URI.create("https://h.example/p"));

        assertThat(server.of(server.path(link)).toString()).startsWith("https://h.example/p/v1/book/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@evil.example/v1/book",
                ".evil.example/v1/book",
                ":80@evil.example/v1/book",
                "//evil.example/v1/book",
                "https://evil.example/p/v1/book",
                "https://h.example:8443/p/v1/book",
                "http://h.example/p/v1/book",
                "https://h.example@evil.example/p/v1/book",
                "https://h.example/other/v1/book",
                "/v1/../admin/v1/failed-tasks",
                "/v1/%2e%2E/admin",
                "/v1/book\\..\\..",
                "/v1/book contacts",
                "/v1/book#x",
                "/v1/%zz",
                "/admin/v1/failed-tasks",
                "/v1",
                "v1/book",
                "javascript:x",
                "/v1/\r\nHost: evil.example",
                ""
            })
    void followsNoOtherLink(String link) {
        ServerAddress server = new ServerAddress(URI.create("https://h.example/p"));

        assertThatThrownBy(() -> server.path(link))
                .isInstanceOfSatisfying(
                        ServerRefusal.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo("foreign-link"));
    }
}
