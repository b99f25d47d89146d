/** The pure heart of Relève: no I/O, no clock, no thread, no unseeded random. */
module releve.core {
    requires static transitive org.jspecify;

    exports releve.core.agent;
    exports releve.core.campaign;
    exports releve.core.common;
    exports releve.core.engine;
    exports releve.core.memory;
    exports releve.core.node;
    exports releve.core.pacing;
    exports releve.core.pair;
    exports releve.core.call;
    exports releve.core.routing;
    exports releve.core.store;
}
