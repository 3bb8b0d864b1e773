package org.contactsync.protocol.problem;

/** Carries a {@link Problem} out of reading a request, where every line may find one; mapped once, at the edge. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    /** Without a stack trace: it says something about the request, not about the code. */
    public ProblemException(Problem problem) {
        super(problem.type().code(), null, false, false);
        this.problem = problem;
    }

    public static ProblemException malformed(String pointer, String detail) {
        return new ProblemException(new Problem.MalformedRequest(pointer, detail));
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(new Problem.Plain(type, detail));
    }

    public Problem problem() {
        return problem;
    }
}
