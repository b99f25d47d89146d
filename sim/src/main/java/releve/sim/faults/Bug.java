package releve.sim.faults;

/** Bugs that are planted to show that the simulation finds them; each is a mistake that somebody could make. */
public enum Bug {
    EPOCH_NOT_CHECKED("the store commits whatever epoch a batch was decided under"),
    TAKEOVER_LEAVES_ATTEMPTS_OPEN("a takeover does not close what the former holder had under way"),
    TAKEOVER_PUTS_ATTEMPTS_BACK("a takeover puts customers who may have rung back on the list"),
    TAKEOVER_FORGETS_AGENTS("a takeover leaves the agents reserved whom the former holder had reserved"),
    HANDOVER_FORGETS_CACHE("a handover leaves the cached contacts to the old side"),
    CLAIM_WITHOUT_STAMP("a claim does not mark the contacts as held"),
    LIVE_PHONE_NOT_LOOKED_AT("an attempt may start while another has the same phone"),
    STANDBY_DOES_NOT_WAIT("the standby takes the right before the lease has expired"),
    DEADLINE_FROM_AFTER_THE_ANSWER("the holder's deadline is measured from after the renewal's answer"),
    LOST_RIGHT_NOT_TOLD("the engine is not told that the right is lost"),
    REFUSALS_IGNORED("an attempt that the store refused is dialed all the same"),
    DIALS_BEFORE_THE_COMMIT("the INVITE leaves before its fact is durable"),
    UNANSWERED_COMMIT_NOT_REPEATED("a commit whose answer is missing counts as done"),
    RESULT_WRITTEN_TWICE("the end of an attempt is decided twice"),
    RESULT_LOST("now and then the end of an attempt is not written"),
    AGENT_RELEASED_EARLY("an agent is let go when the customer answers"),
    WRAP_UP_FORGOTTEN("now and then an agent's call ends without his wrap-up"),
    HANDS_OVER_WHILE_RINGING("the right is passed on at once, whatever rings"),
    KEEPS_RESERVING("maintenance does not let idle agents go"),
    MONITORING_ENDS_EARLY("a dialer in maintenance stops while calls are connected"),
    HANGS_UP_AT_THE_LIMIT("calls that outlive the monitoring limit are hung up"),
    CANCEL_FORGOTTEN("calls that are given up are not cancelled"),
    SUSPENSION_NOT_SUSPECTED("a machine that was suspended trusts its deadline from before"),
    LIST_NOT_LOOKED_AT("a number on the do-not-call list may be dialed"),
    HOURS_NOT_KNOWN("the campaign's hours do not reach the dialer"),
    SKILLS_NOT_LOOKED_AT("the store tells a dialer that each agent serves every skill group"),
    SKIP_TAKEN_FOR_ACCEPTANCE("a gateway takes whatever an agent says to an offer for an acceptance"),
    ABANDONED_COUNTED_AS_GONE("customers whom nobody took count as having hung up themselves"),
    GATEWAY_DOES_NOT_SUCCEED("a gateway does not take up a role that it has been given"),
    GATEWAY_LOGS_OUT_WHOEVER_LEAVES("a gateway in maintenance logs out the agents whom it sends to the other side");

    /** Within so many seeds each has to be found, when things fail for eight minutes in each world. */
    public static final int SEEDS_MAX = 120;

    private final String words;

    Bug(String words) {
        this.words = words;
    }

    /** The mistake in one clause. */
    public String words() {
        return words;
    }
}
