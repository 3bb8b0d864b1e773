package org.contactsync.client.http;

/** The server refused a correct request, or its answer is unusable; repeating the request does not help. */
public final class ServerRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ServerProblem problem;

    public ServerRefusal(ServerProblem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    public ServerProblem problem() {
        return problem;
    }
}
