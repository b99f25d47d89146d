package releve.server.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Map;
import releve.core.common.Side;
import releve.server.http.Overview.SideView;

/**
 * The agents' desktop: one page that draws the agent's state from the agent API's events. It knows where the other side is
 * and moves there by itself, with its session, when this side falls silent.
 */
public final class AgentPage {
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    private final Assets assets;
    private final StatusFeed feed;
    private final String version;

    AgentPage(Assets assets, StatusFeed feed, String version) {
        this.assets = assets;
        this.feed = feed;
        this.version = version;
    }

    /**
     * What the template draws.
     *
     * @param elsewhere the other side's address, empty when it was never seen
     */
    public record Page(Side side, String elsewhere, String version, Assets assets) {
        public String asset(String name) {
            return assets.url(name);
        }
    }

    void page(Context ctx) {
        Overview overview = feed.latest();
        Side side = overview.answeredBy();
        SideView other = overview.side(side.other());
        String elsewhere = other.agentsUrl();
        Page page = new Page(side, elsewhere, version, assets);
        StringOutput out = new StringOutput();
        templates.render("agent.jte", Map.of("page", page), out);
        BrowserGuard.mayAsk(ctx, origin(elsewhere));
        ctx.html(out.toString());
    }

    private static String origin(String url) {
        if (url.isEmpty()) {
            return "";
        }
        try {
            URI uri = URI.create(url);
            return uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
