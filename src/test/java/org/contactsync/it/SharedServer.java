package org.contactsync.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes one packaged server, started for the first of them and ended after the last. Each test makes users of its
 * own, so that none sees what another did.
 */
final class SharedServer implements ParameterResolver {
    /** Pages of this origin may call it. */
    static final String WEB_ORIGIN = "https://app.example.com";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedServer.class);

    /** Ends with the test run. */
    private record Running(LibertyServer server) implements AutoCloseable {
        static Running start() {
            Path directory = Path.of("target", "it-data", "shared-" + TestDatabase.kind());
            deleteAll(directory);
            LibertyServer server = LibertyServer.in(directory)
                    .with("CORS_ORIGINS", "http://localhost:3000," + WEB_ORIGIN)
                    .withDatabase("shared");
            return new Running(server.start());
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LibertyServer.class;
    }

    @Override
    public LibertyServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .server();
    }

    private static void deleteAll(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
