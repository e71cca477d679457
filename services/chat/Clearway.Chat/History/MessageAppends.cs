using Npgsql;

namespace Clearway.Chat.History;

/// <summary>
/// Appends to the rooms' histories. A batch is one statement and one commit for all its rooms: it raises each room's counter by as many
/// lines as come, which holds the room until the commit, and numbers the lines from there. Where a line turns out to be stored already,
/// nothing of that happens, and the batch goes by a slower statement, which looks for each line first.
/// </summary>
internal sealed class MessageAppends(ChatDbContext database)
{
    private const string StoreNew =
        """
        WITH room AS (
            SELECT * FROM unnest($1, $2, $3) WITH ORDINALITY AS room (tenant, room, lines, place)
        ), counted AS (
            INSERT INTO chat.rooms AS kept (tenant, room, last_sequence, revision)
            SELECT tenant, room, lines, 1 FROM room ORDER BY place
            ON CONFLICT (tenant, room)
                DO UPDATE SET last_sequence = kept.last_sequence + excluded.last_sequence, revision = kept.revision + 1
            RETURNING tenant, room, last_sequence
        ), begun AS (
            SELECT place, tenant, room, last_sequence - lines AS before FROM room JOIN counted USING (tenant, room)
        ), stored AS (
            INSERT INTO chat.messages (tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at)
            SELECT tenant, room, before + rank, id, sender_id, sender_name, text, system_data, security, sent_at
            FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12)
                AS line (place, rank, id, sender_id, sender_name, text, system_data, security, sent_at)
            JOIN begun USING (place)
        )
        SELECT place, before FROM begun
        """;

    // One transaction and one round trip: the batch's statements go out together and end with one commit. The first statement takes
    // the rooms' rows; `WHERE false` locks an existing row without writing it.
    private const string LockRooms =
        """
        INSERT INTO chat.rooms (tenant, room, last_sequence, revision)
        SELECT tenant, room, 0, 0 FROM unnest($1, $2) WITH ORDINALITY AS given (tenant, room, place) ORDER BY place
        ON CONFLICT (tenant, room) DO UPDATE SET last_sequence = rooms.last_sequence WHERE false
        """;

    // The second statement begins when the locks are held, so its snapshot has every message that is stored in these rooms: what it
    // does not find is new, and is numbered from where the room's counter stands.
    private const string StoreUnknown =
        """
        WITH given AS (
            SELECT room.tenant, room.room, line.*
            FROM unnest($1, $2) WITH ORDINALITY AS room (tenant, room, place)
            JOIN unnest($3, $4, $5, $6, $7, $8, $9, $10, $11)
                AS line (place, rank, id, sender_id, sender_name, text, system_data, security, sent_at) USING (place)
        ), fresh AS (
            SELECT * FROM given
            WHERE NOT EXISTS (SELECT FROM chat.messages known
                WHERE known.tenant = given.tenant AND known.room = given.room AND known.id = given.id)
        ), numbered AS (
            SELECT fresh.*, last_sequence + row_number() OVER (PARTITION BY tenant, room ORDER BY rank) AS sequence
            FROM fresh JOIN chat.rooms USING (tenant, room)
        ), counted AS (
            UPDATE chat.rooms SET last_sequence = latest.sequence, revision = revision + 1
            FROM (SELECT tenant, room, max(sequence) AS sequence FROM numbered GROUP BY tenant, room) AS latest
            WHERE rooms.tenant = latest.tenant AND rooms.room = latest.room
        ), stored AS (
            INSERT INTO chat.messages (tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at)
            SELECT tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at FROM numbered
        )
        SELECT given.place, given.rank, coalesce(numbered.sequence, known.sequence)
        FROM given
        LEFT JOIN numbered USING (tenant, room, id)
        LEFT JOIN chat.messages AS known USING (tenant, room, id)
        """;

    /// <summary>
    /// Stores messages at the end of their rooms, in the order given. A message whose id its room has already is left as it is. Safe to
    /// repeat, and repeated by itself when the connection breaks.
    /// </summary>
    /// <returns>The messages' sequences, in the order given.</returns>
    public async Task<IReadOnlyList<long>> AppendAsync(IReadOnlyList<StoredMessage> messages, CancellationToken cancellationToken)
    {
        var batch = new AppendBatch(messages);
        try
        {
            return await database.QueryAsync(connection => StoreNewAsync(batch, connection, cancellationToken), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await database.QueryAsync(connection => StoreUnknownAsync(batch, connection, cancellationToken), cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<long>> StoreNewAsync(AppendBatch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(StoreNew, connection)
        {
            Parameters = { Parameter.Of(batch.Tenants), Parameter.Of(batch.Rooms), Parameter.Of(batch.Lines) },
        };
        command.Parameters.AddRange(LinesOf(batch));
        var before = new long[batch.Rooms.Length];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            before[reader.GetInt64(0) - 1] = reader.GetInt64(1);
        }

        return batch.Answer((place, rank) => before[place - 1] + rank);
    }

    private static async Task<IReadOnlyList<long>> StoreUnknownAsync(AppendBatch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var store = new NpgsqlBatchCommand(StoreUnknown) { Parameters = { Parameter.Of(batch.Tenants), Parameter.Of(batch.Rooms) } };
        store.Parameters.AddRange(LinesOf(batch));
        await using var commands = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(LockRooms) { Parameters = { Parameter.Of(batch.Tenants), Parameter.Of(batch.Rooms) } },
                store,
            },
        };
        var sequences = new Dictionary<(long Place, long Rank), long>();
        await using var reader = await commands.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sequences.Add((reader.GetInt64(0), reader.GetInt64(1)), reader.GetInt64(2));
        }

        return batch.Answer((place, rank) => sequences[(place, rank)]);
    }

    private static NpgsqlParameter[] LinesOf(AppendBatch batch) =>
    [
        Parameter.Of(batch.Places),
        Parameter.Of(batch.Ranks),
        Parameter.Of(batch.Column(message => message.Id)),
        Parameter.Of(batch.Column(message => message.SenderId)),
        Parameter.Of(batch.Column(message => message.SenderName)),
        Parameter.Of(batch.Column(message => message.Text)),
        Parameter.Of(batch.Column(message => message.SystemData)),
        Parameter.Of(batch.Column(message => message.Security)),
        Parameter.Of(batch.Column(message => message.SentAt)),
    ];
}
