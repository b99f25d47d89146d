package releve.server.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.json.JsonMapper;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import releve.core.common.Side;
import releve.server.gateway.AgentGateway;
import releve.server.node.SideOrders;
import releve.server.store.CampaignStore;
import releve.server.store.GatewayRegistry;
import releve.server.store.NodeRegistry;
import releve.server.store.OperatorStore;
import releve.server.store.Reports;

/** API, console, health and metrics of one node. Requests run on virtual threads; every request's size is bounded. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int THREADS_MAX = 32;

    private final HttpSettings settings;
    private final Services services;
    private final BrowserGuard guard;
    private final StatusFeed feed;
    private final AgentApi agents;
    private final OperatorApi operators;
    private final ConsolePages console;
    private final AgentPage agentPage;
    private final Assets assets = new Assets();
    private final Javalin javalin;

    /**
     * What the server shows and commands.
     *
     * @param side whose process this is
     * @param ready whether this side dials, or could at once: {@code /health/ready}
     * @param active whether the right to dial is this side's: {@code /health/active}
     * @param version as the page's foot shows it
     */
    public record Services(
            int pair,
            Side side,
            String version,
            AgentGateway agents,
            NodeRegistry registry,
            GatewayRegistry gateways,
            OperatorStore operators,
            CampaignStore campaigns,
            Reports reports,
            PrometheusMeterRegistry metrics,
            BooleanSupplier ready,
            BooleanSupplier active) {}

    /** The server could not start; the message is one sentence for people. */
    public static final class NotStarted extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotStarted(String sentence, Throwable cause) {
            super(sentence, cause);
        }
    }

    public HttpServer(HttpSettings settings, Services services) {
        this.settings = settings;
        this.services = services;
        this.guard = new BrowserGuard(settings);
        OverviewReader reader = new OverviewReader(
                services.pair(),
                services.side(),
                services.registry(),
                services.gateways(),
                services.campaigns(),
                services.reports());
        this.feed = new StatusFeed(reader::read, reader.nothingYet());
        Operations operations = new Operations(
                new SideOrders(services.pair(), services.operators(), services.registry(), services.gateways()),
                services.campaigns());
        this.agents = new AgentApi(services.agents());
        this.operators = new OperatorApi(feed, operations);
        this.console = new ConsolePages(assets, feed, operations, services.version());
        this.agentPage = new AgentPage(assets, feed, services.version());
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Begins to listen.
     *
     * @throws NotStarted when the port is taken or the address is not this machine's
     */
    public HttpServer start() {
        try {
            javalin.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            throw new NotStarted(
                    "The HTTP port %d on %s is in use or not allowed; end the other program or choose another port."
                            .formatted(settings.port(), settings.host()),
                    e);
        } catch (RuntimeException e) {
            throw new NotStarted(
                    "HTTP cannot listen on %s, port %d: %s."
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        }
        feed.start();
        LOG.info("console at http://{}:{}/", settings.host(), port());
        return this;
    }

    /** The port listened on. */
    public int port() {
        return javalin.port();
    }

    /** Ends all streams, then the server. */
    @Override
    public void close() {
        feed.close();
        agents.close();
        try {
            javalin.stop();
        } catch (RuntimeException e) {
            LOG.warn("HTTP did not end in time; requests under way were cut", e);
        }
    }

    private void configure(JavalinConfig config) {
        // What it would say comes back as an exception, which is told once and in one sentence.
        JavalinLogger.enabled = false;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = RequestFields.BODY_MAX;
        config.http.prefer405over404 = true;
        config.jsonMapper(new Mapper());
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 4);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory()));
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> server.setStopTimeout(2_000));
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(8_192);
        });
        routes(config.routes);
    }

    private void routes(RoutesConfig routes) {
        routes.before(guard::check);
        routes.get("/", console::page);
        routes.get("/agent", agentPage::page);
        routes.get("/assets/{name}", assets::serve);
        routes.get("/console/events", console::events);
        routes.get("/console/maintenance/{side}", operator(console::maintenanceDialog));
        routes.get("/console/maintenance/{side}/cancel", console::cancelDialog);
        routes.post("/console/maintenance/{side}/{action}", operator(console::maintenance));
        routes.post("/console/campaigns/{name}/{action}", operator(console::campaign));

        routes.get("/api/status", operators::status);
        routes.post("/api/maintenance", operator(operators::maintenance));
        routes.get("/api/campaigns", operators::campaigns);
        routes.get("/api/campaigns/{name}", operators::campaign);
        routes.post("/api/campaigns/{name}/{action}", operator(operators::setRunning));

        routes.post("/api/calls/{callId}/opt-out", operator(operators::optOut));

        routes.post("/api/agents/{login}/login", agents::login);
        routes.post("/api/agents/{login}/ready", agents::ready);
        routes.post("/api/agents/{login}/not-ready", agents::notReady);
        routes.post("/api/agents/{login}/logout", agents::logout);
        routes.post("/api/agents/{login}/offer", agents::offer);
        routes.post("/api/agents/{login}/disposition", agents::disposition);
        routes.get("/api/agents/{login}", agents::state);
        routes.get("/api/agents/{login}/events", agents::events);

        routes.get("/health/live", HttpServer::live);
        routes.get("/health/ready", ctx -> health(ctx, "ready", services.ready()));
        routes.get("/health/active", ctx -> health(ctx, "active", services.active()));
        routes.get("/metrics", this::metrics);
        errors(routes);
    }

    private io.javalin.http.Handler operator(io.javalin.http.Handler handler) {
        return ctx -> {
            guard.checkOperator(ctx);
            handler.handle(ctx);
        };
    }

    // The other side's agent page asks whether it can move here; it learns nothing but that.
    private static void live(Context ctx) {
        ctx.header("Cross-Origin-Resource-Policy", "cross-origin").json(Map.of("live", true));
    }

    private static void health(Context ctx, String what, BooleanSupplier holds) {
        boolean held = holds.getAsBoolean();
        ctx.status(held ? 200 : 503).json(Map.of(what, held));
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(services.metrics().scrape());
    }

    private static void errors(RoutesConfig routes) {
        routes.exception(Refused.class, (refused, ctx) -> {
            if (refused.status() == 401) {
                ctx.header("WWW-Authenticate", "Bearer");
            }
            json(ctx, refused.status(), refused.sentence());
        });
        routes.exception(io.javalin.http.HttpResponseException.class, (e, ctx) -> {
            String sentence = e.getStatus() == HttpStatus.NOT_FOUND.getCode()
                    ? "There is nothing at this address."
                    : e.getStatus() == HttpStatus.METHOD_NOT_ALLOWED.getCode()
                            ? "This address does not take " + ctx.req().getMethod() + "."
                            : "The request was not understood: " + e.getMessage() + ".";
            json(ctx, e.getStatus(), sentence);
        });
        routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.req().getMethod(), ctx.path(), e);
            json(ctx, 500, "The server failed; its log says why.");
        });
    }

    private static void json(Context ctx, int status, String sentence) {
        if (!ctx.res().isCommitted()) {
            ctx.status(status).contentType("application/json").result(Json.error(sentence));
        }
    }

    private static final class Mapper implements JsonMapper {
        @Override
        public String toJsonString(Object value, Type type) {
            return Json.write(value);
        }

        @Override
        public <T> T fromJsonString(String json, Type type) {
            throw new UnsupportedOperationException("bodies are read by RequestFields");
        }

        @Override
        public <T> T fromJsonStream(InputStream json, Type type) {
            throw new UnsupportedOperationException("bodies are read by RequestFields");
        }
    }
}
