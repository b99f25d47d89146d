package releve.sip.transport;

import releve.sip.agent.UserAgent;

/** Something to do with the user agent on its loop thread; must not block. */
@FunctionalInterface
public interface SipCommand {
    /** @param agent the user agent, to be used only during this call */
    void run(UserAgent agent, long nowMs);
}
