package org.contactsync.client;

import static java.util.Objects.requireNonNull;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong between a client and the core: requests that do not arrive, answers that are lost, refused or cut short. A request
 * is named by its method and path; {@code times} counts the same one. For one thread at a time.
 */
final class Faults {
    private BiPredicate<String, Integer> swallows = (request, times) -> false;
    private BiPredicate<String, Integer> loses = (request, times) -> false;
    private Predicate<String> refuses = request -> false;
    private @Nullable Answer refusal;
    private int listingsToCut;
    private final Map<String, Runnable> beforeNext = new LinkedHashMap<>();

    void swallow(BiPredicate<String, Integer> which) {
        swallows = which;
    }

    void loseAnswers(BiPredicate<String, Integer> which) {
        loses = which;
    }

    void refuse(int status, String code, Optional<Duration> retryAfter, Predicate<String> which) {
        Answer plain = Answers.refused(new Problem.Plain(type(status, code), code));
        refusal = new Answer(status, plain.checkCode(), plain.task(), retryAfter, plain.body());
        refuses = which;
    }

    void cutListings(int times) {
        listingsToCut = times;
    }

    void beforeNext(String request, Runnable action) {
        beforeNext.put(request, action);
    }

    /** Whether the request is lost before anybody works on it. */
    boolean swallows(String request, int times) {
        return swallows.test(request, times);
    }

    /** Whether the answer is lost after the work. */
    boolean loses(String request, int times) {
        return loses.test(request, times);
    }

    /** What is answered to a request that arrived. */
    Answer answer(String request, Supplier<Answer> core) {
        if (refuses.test(request)) {
            return Optional.ofNullable(refusal).orElseThrow();
        }
        for (String each : List.copyOf(beforeNext.keySet())) {
            if (request.startsWith(each)) {
                requireNonNull(beforeNext.remove(each)).run();
            }
        }
        Answer answer = core.get();
        return request.equals("GET /v1/book/contacts") && listingsToCut-- > 0 ? withoutLastContact(answer) : answer;
    }

    /** It still has the check code of the whole book. */
    private static Answer withoutLastContact(Answer whole) {
        JsonObject page = BoundedJson.object(whole.body().getBytes(StandardCharsets.UTF_8));
        List<JsonValue> contacts = page.getJsonArray("contacts");
        JsonArrayBuilder first = Json.createArrayBuilder();
        contacts.subList(0, Math.max(0, contacts.size() - 1)).forEach(first::add);
        JsonObjectBuilder cut = Json.createObjectBuilder(page).add("contacts", first);
        return new Answer(
                whole.status(),
                whole.checkCode(),
                whole.task(),
                whole.retryAfter(),
                cut.build().toString());
    }

    private static ProblemType type(int status, String code) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.code().equals(code) && type.status() == status)
                .findFirst()
                .orElseThrow();
    }
}
