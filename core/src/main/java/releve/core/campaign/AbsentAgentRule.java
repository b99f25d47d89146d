package releve.core.campaign;

/** What becomes of a personal callback whose agent could not be reserved within its window. */
public enum AbsentAgentRule {
    /** Another agent of the campaign gets it, within one more window; after that it is abandoned. */
    OTHER_AGENT,
    /** It is due again at the same local time on the next business day. */
    NEXT_BUSINESS_DAY,
    /** Nobody calls: contact status X, result 17. */
    ABANDON
}
