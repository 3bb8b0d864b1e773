package org.contactsync.client;

/** The server refused what a correct client may ask at any time, or gave no usable answer; repeating it does not help. */
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
