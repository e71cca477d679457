using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clearway.Chat.History;

/// <summary>Appends to the rooms' histories and reads them.</summary>
internal sealed class MessageHistory(ChatDbContext database)
{
    // One transaction and one round trip: the batch's statements go out together and end with one commit. The first statement takes
    // the rooms' rows, in one order so that no two appends wait for each other; `WHERE false` locks an existing row without writing it.
    private const string LockRooms =
        """
        INSERT INTO chat.rooms (tenant, room, last_sequence)
        SELECT DISTINCT tenant, room, 0 FROM unnest($1, $2) AS given (tenant, room)
        ORDER BY tenant, room
        ON CONFLICT (tenant, room) DO UPDATE SET last_sequence = rooms.last_sequence WHERE false
        """;

    // The second statement begins when the locks are held, so its snapshot has every message that is stored in these rooms: what it
    // does not find is new, and is numbered from where the room's counter stands.
    private const string Store =
        """
        WITH given AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY
                AS given (tenant, room, id, sender_id, sender_name, text, system_data, security, sent_at, position)
        ), fresh AS (
            SELECT DISTINCT ON (tenant, room, id) * FROM given
            WHERE NOT EXISTS (SELECT FROM chat.messages known
                WHERE known.tenant = given.tenant AND known.room = given.room AND known.id = given.id)
            ORDER BY tenant, room, id, position
        ), numbered AS (
            SELECT fresh.*, last_sequence + row_number() OVER (PARTITION BY tenant, room ORDER BY position) AS sequence
            FROM fresh JOIN chat.rooms USING (tenant, room)
        ), counted AS (
            UPDATE chat.rooms SET last_sequence = latest.sequence
            FROM (SELECT tenant, room, max(sequence) AS sequence FROM numbered GROUP BY tenant, room) AS latest
            WHERE rooms.tenant = latest.tenant AND rooms.room = latest.room
        ), stored AS (
            INSERT INTO chat.messages (tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at)
            SELECT tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at FROM numbered
        )
        SELECT coalesce(numbered.sequence, known.sequence)
        FROM given
        LEFT JOIN numbered USING (tenant, room, id)
        LEFT JOIN chat.messages AS known USING (tenant, room, id)
        ORDER BY given.position
        """;

    /// <summary>
    /// Stores messages at the end of their rooms, in the order given. A message whose id its room has already is left as it is. Safe to
    /// repeat, and repeated by itself when the connection breaks.
    /// </summary>
    /// <returns>The messages' sequences, in the order given.</returns>
    public Task<IReadOnlyList<long>> AppendAsync(IReadOnlyList<StoredMessage> messages, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(messages, AppendOnceAsync, cancellationToken);

    /// <summary>Reads one page, the newest messages before a sequence.</summary>
    /// <param name="key">The room.</param>
    /// <param name="before">Sequence behind the page; null for the newest page.</param>
    /// <param name="limit">Most messages.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>In ascending sequence.</returns>
    public async Task<IReadOnlyList<StoredMessage>> ReadPageAsync(RoomKey key, long? before, int limit, CancellationToken cancellationToken)
    {
        var end = before ?? long.MaxValue;
        var page = await database.Messages.AsNoTracking()
            .Where(message => message.Tenant == key.Tenant && message.Room == key.Room && message.Sequence < end)
            .OrderByDescending(message => message.Sequence)
            .Take(limit)
            .Include(message => message.Reactions)
            .ToListAsync(cancellationToken);
        page.Reverse();
        return page;
    }

    private async Task<IReadOnlyList<long>> AppendOnceAsync(IReadOnlyList<StoredMessage> messages, CancellationToken cancellationToken)
    {
        await database.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var tenants = messages.Select(message => message.Tenant).ToArray();
            var rooms = messages.Select(message => message.Room).ToArray();
            await using var batch = new NpgsqlBatch((NpgsqlConnection)database.Database.GetDbConnection())
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand(LockRooms) { Parameters = { Array(tenants), Array(rooms) } },
                    new NpgsqlBatchCommand(Store)
                    {
                        Parameters =
                        {
                            Array(tenants),
                            Array(rooms),
                            Array([.. messages.Select(message => message.Id)]),
                            Array([.. messages.Select(message => message.SenderId)]),
                            Array([.. messages.Select(message => message.SenderName)]),
                            Array([.. messages.Select(message => message.Text)]),
                            Array([.. messages.Select(message => message.SystemData)]),
                            Array([.. messages.Select(message => message.Security)]),
                            Array([.. messages.Select(message => message.SentAt)]),
                        },
                    },
                },
            };

            var sequences = new List<long>(messages.Count);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                sequences.Add(reader.GetInt64(0));
            }

            return sequences;
        }
        finally
        {
            await database.Database.CloseConnectionAsync();
        }

        static NpgsqlParameter<T[]> Array<T>(T[] values) => new() { TypedValue = values };
    }
}
