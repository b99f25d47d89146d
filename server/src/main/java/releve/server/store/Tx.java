package releve.server.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One open transaction: statements with their arguments in order. Instants, enums, arrays and nulls bind as they are. */
final class Tx {
    private final Connection connection;
    private final long giveUpAtNanos;

    Tx(Connection connection, long giveUpAtNanos) {
        this.connection = connection;
        this.giveUpAtNanos = giveUpAtNanos;
    }

    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A column of values for {@code unnest}. */
    record Column(String type, List<? extends @Nullable Object> values) {
        static <S> Column of(String type, List<S> source, Function<? super S, ? extends @Nullable Object> value) {
            List<@Nullable Object> values = new ArrayList<>(source.size());
            source.forEach(item -> values.add(value.apply(item)));
            return new Column(type, values);
        }
    }

    /** Runs a statement that changes rows, and tells how many. */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepared(sql, arguments)) {
            return statement.executeUpdate();
        }
    }

    <T> List<T> list(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepared(sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.read(rows));
            }
            return found;
        }
    }

    <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        List<T> found = list(sql, row, arguments);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** Wakes whoever listens, once this transaction has committed. */
    void notify(String channel, String payload) throws SQLException {
        list("select pg_notify(?, ?)", row -> 0, channel, payload);
    }

    private PreparedStatement prepared(String sql, @Nullable Object[] arguments) throws SQLException {
        if (System.nanoTime() - giveUpAtNanos > 0) {
            throw new SQLException("the transaction took too long", "57014");
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < arguments.length; i++) {
                bind(statement, i + 1, arguments[i]);
            }
            return statement;
        } catch (SQLException failed) {
            statement.close();
            throw failed;
        }
    }

    private void bind(PreparedStatement statement, int position, @Nullable Object argument) throws SQLException {
        switch (argument) {
            case null -> statement.setNull(position, Types.NULL);
            case Column column -> statement.setArray(position, array(column));
            case Instant at -> statement.setObject(position, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            case Enum<?> constant -> statement.setString(position, constant.name());
            default -> statement.setObject(position, argument);
        }
    }

    private Array array(Column column) throws SQLException {
        return connection.createArrayOf(column.type(), column.values().toArray());
    }

    /** The elements of an array column. */
    static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** The time in a column that always has one. */
    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
