package releve.sip.transport;

import releve.sip.agent.SipEvent;
import releve.sip.agent.UserAgent;

/** Receives a user agent's events on its loop thread; must not block. */
@FunctionalInterface
public interface SipListener {
    /**
     * One event. Commands on {@code agent} may be given at once.
     *
     * @param agent the user agent, to be used only during this call
     * @param nowMs the loop's time
     */
    void onEvent(SipEvent event, UserAgent agent, long nowMs);
}
