package releve.sip.agent;

/** What a user agent counts. */
public enum Counter {
    DATAGRAMS_RECEIVED,
    /** Datagrams from sources outside the access list. */
    DROPPED_UNKNOWN_PEER,
    /** Datagrams from such sources beyond what strangers may send. */
    DROPPED_STRANGER_RATE,
    /** Datagrams that are no SIP message within the limits. */
    DROPPED_MALFORMED,
    /** Responses and ACKs that belong to nothing. */
    DROPPED_STRAY,
    /** Empty datagrams and line ends that peers send to keep a path open. */
    KEEP_ALIVES,
    DATAGRAMS_SENT,
    RETRANSMISSIONS_SENT,
    /** Repeated requests that a transaction answered by itself. */
    RETRANSMISSIONS_ABSORBED,
    /** Incoming requests answered 503, or outgoing ones refused, at a limit. */
    REFUSED_AT_LIMIT,
    /** New calls, of the peers or ours, refused with 503 because the endpoint had fallen behind. */
    REFUSED_OVERLOADED,
    CALLS_OUT,
    CALLS_IN,
    /** 2xx of a second fork, or for a call long given up, ended with ACK and BYE. */
    SURPLUS_ANSWERS_ENDED,
    /** 200s of ours that were never acknowledged. */
    ACKS_MISSING
}
