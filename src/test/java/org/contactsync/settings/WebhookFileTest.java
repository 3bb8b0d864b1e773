package org.contactsync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookFileTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String GOOD =
            "{'name':'crm','url':'https://crm.example/hook?a=b','secrets':['" + SECRET + "'],'ownerKey':'" + KEY + "'}";

    private final Path file;

    WebhookFileTest(@TempDir Path directory) {
        file = directory.resolve("webhooks.json");
    }

    @Test
    void readsEndpointsWithTheirSecrets() throws IOException {
        List<Endpoint> endpoints = read("{'endpoints':[" + GOOD + "]}", "crm.example");

        assertThat(endpoints).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.name()).isEqualTo("crm");
            assertThat(endpoint.url()).hasToString("https://crm.example/hook?a=b");
            assertThat(endpoint.secrets()).hasSize(1);
        });
        assertThat(endpoints.toString()).doesNotContain("MfKQ", "AAEC", "hook");
        assertThat(read("{'endpoints':[]}", "")).isEmpty();
    }

    /** What stands on the left is replaced. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "https: | http: | /endpoints/0/url must be https",
                "https: | ftp: | /endpoints/0/url must be an https URL",
                "crm.example | other.example | WEBHOOK_HOSTS does not contain other.example",
                "crm.example | crm.example:444 | WEBHOOK_HOSTS does not contain crm.example:444",
                "crm.example | crm.example@other.example | must have neither a user nor a fragment",
                "crm.example/hook | [::1]/hook | WEBHOOK_HOSTS does not contain [::1]",
                "a=b | a=b#c | must have neither a user nor a fragment",
                "hook? | hö? | /endpoints/0/url must be an https URL with a host, in ASCII",
                "'crm' | 'CRM' | /endpoints/0/name must be 1 to 32 of a-z 0-9 -",
                "'name' | 'nam' | has an unknown member; known are [name, ownerKey, secrets, url]",
                "whsec_ | whsec | /endpoints/0/secrets/0 must begin with whsec_",
                "whsec_MfKQ | whsec_ | /endpoints/0/secrets/0 must be whsec_ and base64 of 24 to 64 bytes",
                "AAEC | A | /endpoints/0/ownerKey must be base64 of 32 to 64 bytes",
                "'ownerKey':' | 'ownerKey':5,'x':' | has an unknown member",
                "{'endpoints':[ | {'endpoints':5,'e':[ | has an unknown member; known are [endpoints]",
                "]} | ],} | is not a JSON object"
            })
    void saysWhatIsWrongWithoutSecrets(String part, String otherwise, String message) {
        String wrong = ("{'endpoints':[" + GOOD + "]}").replace(part, otherwise);

        assertThatThrownBy(() -> read(wrong, "crm.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("MfKQ", "AAEC", "9r8G"));
    }

    @Test
    void refusesTheSameNameTwiceAndTooMany() {
        assertThatThrownBy(() -> read("{'endpoints':[" + GOOD + "," + GOOD + "]}", "crm.example"))
                .hasMessageContaining("/endpoints/1/name is used twice: crm");
        assertThatThrownBy(() -> read("{'endpoints':[" + (GOOD + ",").repeat(16) + GOOD + "]}", "crm.example"))
                .hasMessageContaining("at most 16");
    }

    @Test
    void allowsPortsAndHttpWhereTheOperatorDoes() throws IOException {
        String other = ("{'endpoints':[" + GOOD + "]}").replace("https://crm.example", "http://crm.example:8080");
        Files.writeString(file, other.replace('\'', '"'));

        assertThat(new WebhookFile(Set.of("crm.example:8080"), true).read(file)).hasSize(1);
        assertThatThrownBy(() -> new WebhookFile(Set.of("crm.example"), true).read(file))
                .hasMessageContaining("WEBHOOK_HOSTS does not contain crm.example:8080");
    }

    @Test
    void isCheckedAtStart() throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "DATA_DIR", file.resolveSibling("data").toString(),
                "HTTP_PORT", "1",
                "WEBHOOK_ENDPOINTS", file.toString(),
                "WEBHOOK_HOSTS", "crm.example",
                "WEBHOOK_NETWORKS", "10.0.0.0/40"));
        assertThat(faults(values)).anyMatch(fault -> fault.startsWith("WEBHOOK_NETWORKS must be networks"));
        values.remove("WEBHOOK_NETWORKS");
        assertThat(faults(values)).anyMatch(fault -> fault.startsWith("WEBHOOK_ENDPOINTS cannot be read: "));
        Files.writeString(file, "{}");
        assertThat(faults(values))
                .anyMatch(fault -> fault.startsWith("WEBHOOK_ENDPOINTS must have an array endpoints"));
        Files.writeString(file, ("{'endpoints':[" + GOOD + "]}").replace('\'', '"'));
        assertThat(faults(values)).noneMatch(fault -> fault.startsWith("WEBHOOK"));
    }

    private static List<String> faults(Map<String, String> values) {
        SettingValues read = new SettingsReader(setting -> Optional.ofNullable(values.get(setting.name()))).values();
        new Surroundings(read).check();
        return read.faults();
    }

    private List<Endpoint> read(String json, String hosts) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
        return new WebhookFile(Set.of(hosts), false).read(file);
    }
}
