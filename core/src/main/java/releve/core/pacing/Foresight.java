package releve.core.pacing;

import releve.core.common.AgentId;

/** What only an oracle knows. A simulation gives it to a policy to find out how much better knowledge would do. */
public interface Foresight {

    /** The probability that a call dialed now becomes a live answer. */
    double answerRate();

    /** When that agent, who talks or wraps up now, will be ready again; {@link Long#MAX_VALUE} when he goes away first. */
    long readyAtMs(AgentId agent);
}
