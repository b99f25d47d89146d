/** The core of Relève. */
module releve.core {
    requires static transitive org.jspecify;
}
