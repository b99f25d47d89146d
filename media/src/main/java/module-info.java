/** The media of Relève. */
module releve.media {
    requires static transitive org.jspecify;
}
