package releve.sim.simulate;

import java.util.List;
import java.util.Map;

/** Draws a comparison as SVG: for each scenario a bar of utilisation for each policy, with its abandoned share beside it. */
public final class Plot {
    private static final int BAR = 18;
    private static final int LEFT = 260;
    private static final int WIDE = 500;
    private static final String[] COLOURS = {"#9aa5b1", "#c9a227", "#d98e04", "#7a6fbe", "#3d8bd4", "#1f9d55", "#444b54"
    };

    private Plot() {}

    public static String svg(Map<Scenario, List<Comparison.Row>> results) {
        StringBuilder drawn = new StringBuilder();
        int y = 20;
        for (var result : results.entrySet()) {
            drawn.append("<text x='10' y='%d' font-weight='bold'>%s</text>\n"
                    .formatted(y, escaped(result.getKey().name())));
            y += 8;
            int colour = 0;
            for (Comparison.Row row : result.getValue()) {
                double share = row.utilisation();
                String overLimit = row.abandonment() > result.getKey().abandonLimit() ? " fill='#b00020'" : "";
                drawn.append("<text x='%d' y='%d' text-anchor='end'>%s</text>\n"
                        .formatted(LEFT - 8, y + 13, escaped(row.policy())));
                drawn.append("<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>\n"
                        .formatted(LEFT, y, WIDE * share, BAR - 4, COLOURS[colour++ % COLOURS.length]));
                drawn.append("<text x='%.1f' y='%d'%s>%.1f %% busy, %.2f %% abandoned</text>\n"
                        .formatted(LEFT + WIDE * share + 6, y + 12, overLimit, 100 * share, 100 * row.abandonment()));
                y += BAR;
            }
            y += 26;
        }
        return "<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='%d' font-family='sans-serif' font-size='12'>\n"
                        .formatted(y)
                + drawn + "</svg>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
