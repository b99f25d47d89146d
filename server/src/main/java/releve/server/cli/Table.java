package releve.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table for a terminal: columns as wide as their widest cell, numbers to the right. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(List.of(header));
    }

    /** Adds a row; it has as many cells as the header. */
    public Table row(Object... cells) {
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(
                    switch (cell) {
                        case Long number -> String.format(Locale.ROOT, "%,d", number);
                        case Integer number -> String.format(Locale.ROOT, "%,d", number);
                        case Double number -> String.format(Locale.ROOT, "%.1f", number);
                        default -> cell.toString();
                    });
        }
        rows.add(texts);
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[at] = rows.stream().mapToInt(row -> width(row.get(at))).max().orElse(0);
            numbers[at] = rows.size() > 1
                    && rows.stream()
                            .skip(1)
                            .map(row -> row.get(at))
                            .allMatch(cell -> cell.matches("[-+]?[\\d,.]+ ?%?"));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                String padding = " ".repeat(widths[column] - width(cell));
                line.append(column == 0 ? "" : "  ").append(numbers[column] ? padding + cell : cell + padding);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
