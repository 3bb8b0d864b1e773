package org.contactsync.api.filter;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Refuses unknown and repeated query parameters; a method knows those that it declares with {@link QueryParam}, and takes several
 * values of those that it declares as a list. Applies to every resource except the start page.
 */
@Provider
public class QueryParameters implements DynamicFeature {
    private static final String START_PAGE = "/";
    private static final int MOST_SHOWN = 40;

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Path path = resource.getResourceClass().getAnnotation(Path.class);
        if (path != null && path.value().equals(START_PAGE)) {
            return;
        }
        Parameter[] parameters = resource.getResourceMethod().getParameters();
        context.register(
                new OfMethod(
                        names(Arrays.stream(parameters)),
                        names(Arrays.stream(parameters).filter(each -> each.getType() == List.class))),
                Priorities.USER);
    }

    private static Set<String> names(Stream<Parameter> parameters) {
        return parameters
                .flatMap(each -> Optional.ofNullable(each.getAnnotation(QueryParam.class)).stream())
                .map(QueryParam::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The parameters of a method.
     *
     * @param known their names
     * @param repeatable the names of those that may occur several times
     */
    private record OfMethod(Set<String> known, Set<String> repeatable) implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            UriInfo uri = request.getUriInfo();
            if (uri.getRequestUri().getRawQuery() != null) {
                refuseOthers(known, repeatable, uri.getQueryParameters());
            }
        }
    }

    static void refuseOthers(Set<String> known, Set<String> repeatable, Map<String, List<String>> query) {
        query.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw ProblemException.of(ProblemType.MALFORMED_REQUEST, unknown(name, known));
            }
            if (values.size() > 1 && !repeatable.contains(name)) {
                throw ProblemException.of(
                        ProblemType.MALFORMED_REQUEST, "the query parameter " + name + " occurs more than once");
            }
        });
    }

    /** Text that does not look like a parameter name is not repeated: it may be anything, even a phone number. */
    private static String unknown(String name, Set<String> known) {
        String shown = name.length() <= MOST_SHOWN && name.matches("[A-Za-z][A-Za-z_-]*") ? " " + name : "";
        return "the query parameter" + shown + " is not known here; known: "
                + (known.isEmpty() ? "none" : String.join(", ", known));
    }
}
