/** The SIP user agent of Relève: pure layers with the time passed in, and transports that drive them. */
module releve.sip {
    requires static transitive org.jspecify;

    exports releve.sip.message;
    exports releve.sip.sdp;
    exports releve.sip.transaction;
    exports releve.sip.dialog;
    exports releve.sip.event;
    exports releve.sip.agent;
    exports releve.sip.auth;
    exports releve.sip.locate;
    exports releve.sip.limit;
    exports releve.sip.registrar;
    exports releve.sip.trunk;
    exports releve.sip.transport;
}
