package org.contactsync.gate;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Installs the gate in every web module except the application, whose context root is {@code /}. The server calls it for
 * each module that starts.
 */
public final class GateInitializer implements ServletContainerInitializer {
    /** For the server. */
    public GateInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext module) {
        if (module.getContextPath().isEmpty() || module.getContextPath().equals("/")) {
            return;
        }
        FilterRegistration.Dynamic gate = module.addFilter("contact-sync gate", new Gate());
        gate.setAsyncSupported(true);
        gate.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }
}
