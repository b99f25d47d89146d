/** The sip of Relève. */
module releve.sip {
    requires static transitive org.jspecify;
}
