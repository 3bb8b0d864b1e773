package org.contactsync.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/webhooks.md} do what the text says. */
class WebhookDocumentTest {
    private static final Pattern PYTHON = Pattern.compile("(?s)```python\n(.*?)```");

    private static final String CHECKS = """

            SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            BODY = b'{"test": 2432232314}'
            GENUINE = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                       "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
            time.time = lambda: 1614265400
            assert is_genuine(GENUINE, BODY, SECRET)
            assert not is_genuine(GENUINE, BODY + b" ", SECRET)
            for name in GENUINE:
                assert not is_genuine({k: v for k, v in GENUINE.items() if k != name}, BODY, SECRET), name
                for forged in ["", "x", "\\u00e4", "v1,", "9" * 5000]:
                    assert not is_genuine({**GENUINE, name: forged}, BODY, SECRET), (name, forged)
            time.time = lambda: 1614265330 + 301
            assert not is_genuine(GENUINE, BODY, SECRET)

            known = {}
            book = ("A", 1)
            def message(before, after, first, last=None):
                return take({"owner": "o", "before": before, "after": after, "fromSeq": first, "seq": last or first}, known,
                            lambda owner: book)
            assert message("0", "A", 1) == "read"
            assert message("A", "B", 2) == "changed"
            assert message("A", "B", 2) == "nothing to do"
            # Back to what it was, and an earlier message again.
            assert message("B", "A", 3) == "changed"
            book = ("A", 3)
            assert message("A", "B", 2) == "read" and known["o"] == ("A", 3)
            # Several as one, and one that was given up.
            assert message("A", "D", 4, 6) == "changed"
            book = ("F", 8)
            assert message("E", "F", 8) == "read"
            # The rest of a replay.
            assert message("0", "A", 1) == "read"
            assert message("E", "F", 8) == "nothing to do"
            # A backup: numbers come again with other codes.
            book = ("Y", 5)
            assert message("X", "Y", 5) == "read"
            assert message("Y", "Z", 6) == "changed" and known["o"] == ("Z", 6)
            # A change that is not in the history.
            del known["o"]
            book = ("Q", 9)
            assert take({"owner": "o", "after": "R", "fromSeq": 7, "seq": 9}, known, lambda owner: book) == "read"
            print("all right")
            """;

    @Test
    void theReceiversOfTheExamplesDoWhatTheTextSays(@TempDir Path directory) throws Exception {
        String document = Files.readString(Path.of("docs", "webhooks.md"));
        List<String> examples = PYTHON.matcher(document)
                .results()
                .map(example -> example.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        Path program = directory.resolve("receiver.py");
        Files.writeString(program, examples.stream().collect(Collectors.joining("\n\n")) + CHECKS);
        Path output = directory.resolve("output");
        try {
            Process python = new ProcessBuilder("python3", program.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (IOException e) {
            assumeTrue(System.getenv("CI") != null, "python3 is not installed");
            throw e;
        }
        assertThat(Files.readString(output).strip()).isEqualTo("all right");
    }
}
