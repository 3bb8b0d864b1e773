package org.contactsync.api.filter;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import org.contactsync.access.CurrentCaller;
import org.contactsync.bounds.UserBuckets;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.settings.RequestRate;

/**
 * Limits a user's requests to this instance (protocol §6.4) and announces in {@code RateLimit} how many are left when few
 * are (draft-ietf-httpapi-ratelimit-headers-10). A request takes one token, and one more for each 64 KiB of its body; an
 * answer 304 returns it. Thread-safe.
 */
@Provider
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION + 100)
@SuppressWarnings("NullAway.Init") // filled by the container
public class RateFilter implements ContainerRequestFilter, ContainerResponseFilter {
    static final Quota QUOTA = Quota.REQUESTS;

    /** Some 2 MiB. */
    private static final int MOST_USERS = 10_000;

    private static final int BYTES_OF_TOKEN = 64 * 1024;
    private static final int TOO_MANY = 429;
    private static final int NOT_MODIFIED = 304;
    private static final String USER = RateFilter.class.getName();

    private CurrentCaller caller;
    private RequestRate rate;
    private UserBuckets buckets;
    private String policy;

    /** For the container's proxy. */
    public RateFilter() {}

    @Inject
    public RateFilter(CurrentCaller caller, RequestRate rate) {
        this.caller = caller;
        this.rate = rate;
        buckets = new UserBuckets(rate, MOST_USERS, System::nanoTime);
        policy = "\"" + QUOTA.wireName() + "\";q=" + rate.burst() + ";w="
                + rate.window().toSeconds();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!caller.isKnown()) {
            return;
        }
        Owner owner = caller.get().owner();
        request.setProperty(USER, owner);
        Duration wait = buckets.take(owner, 1 + Math.max(0, request.getLength()) / BYTES_OF_TOKEN);
        if (!wait.isZero()) {
            throw new ProblemException(new Problem.QuotaExceeded(
                    QUOTA, rate.burst(), "this user sends too many requests", wait.plusSeconds(1)));
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(USER) instanceof Owner owner)) {
            return;
        }
        if (response.getStatus() == NOT_MODIFIED) {
            buckets.giveBack(owner);
        }
        int left = buckets.left(owner);
        if (left < rate.burst() / 2 || response.getStatus() == TOO_MANY) {
            long full = (rate.burst() - left + rate.perSecond() - 1L) / rate.perSecond();
            response.getHeaders().putSingle("RateLimit-Policy", policy);
            response.getHeaders().putSingle("RateLimit", "\"" + QUOTA.wireName() + "\";r=" + left + ";t=" + full);
        }
    }
}
