using Clearway.Chat.V1;
using Npgsql;

namespace Clearway.Chat.History;

/// <summary>A run of a room's messages.</summary>
/// <param name="Messages">In ascending sequence.</param>
/// <param name="HasBefore">Whether there are messages in front of them.</param>
/// <param name="HasAfter">Whether there are messages behind them.</param>
internal sealed record MessagePage(IReadOnlyList<ChatMessage> Messages, bool HasBefore, bool HasAfter);

/// <summary>
/// Reads pages of the rooms' histories, by plain commands that the connections keep prepared: a join costs one, and Entity Framework's
/// own way to it cost more than the query.
/// </summary>
internal sealed class MessagePages(ChatDbContext database)
{
    /// <summary>Columns of a message for <see cref="Read"/>, from <c>chat.messages AS message</c>.</summary>
    private const string Columns =
        """
        message.sequence, message.id, message.sender_id, message.sender_name, message.text, message.system_data, message.security,
        message.sent_at, message.edited_at, message.deleted_at, reacted.emoji, reacted.participant
        """;

    private const string Reactions =
        """
        LEFT JOIN LATERAL (
            SELECT array_agg(emoji ORDER BY reacted_at, participant_id COLLATE "C") AS emoji,
                array_agg(participant_id ORDER BY reacted_at, participant_id COLLATE "C") AS participant
            FROM chat.reactions AS reaction
            WHERE reaction.tenant = message.tenant AND reaction.room = message.room AND reaction.sequence = message.sequence
        ) AS reacted ON true
        """;

    private const string Before =
        $"""
        SELECT {Columns} FROM chat.messages AS message {Reactions}
        WHERE message.tenant = $1 AND message.room = $2 AND message.sequence < $3
        ORDER BY message.sequence DESC LIMIT $4
        """;

    private const string After =
        $"""
        SELECT {Columns} FROM chat.messages AS message {Reactions}
        WHERE message.tenant = $1 AND message.room = $2 AND message.sequence > $3
        ORDER BY message.sequence LIMIT $4
        """;

    // The configuration for Russian stems words in Latin letters as English. No index: it would cost each line more than storing it does,
    // and a room's lines are few enough to be read, the newest first, until a page is full.
    private const string Matching =
        $"""
        SELECT {Columns} FROM chat.messages AS message {Reactions}
        WHERE message.tenant = $1 AND message.room = $2 AND message.sequence < $3 AND message.deleted_at IS NULL
            AND to_tsvector('russian', message.text) @@ websearch_to_tsquery('russian', $5)
        ORDER BY message.sequence DESC LIMIT $4
        """;

    // One statement has one snapshot: the page is the one that the revision names. A room whose revision is known is not read.
    private const string Newest =
        $"""
        SELECT asked.position, coalesce(rooms.revision, 0) AS revision, line.*
        FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (tenant, room, known, position)
        LEFT JOIN chat.rooms AS rooms USING (tenant, room)
        LEFT JOIN LATERAL (
            SELECT {Columns} FROM chat.messages AS message {Reactions}
            WHERE rooms.revision <> asked.known AND message.tenant = asked.tenant AND message.room = asked.room
            ORDER BY message.sequence DESC LIMIT $4
        ) AS line ON true
        ORDER BY asked.position, line.sequence DESC
        """;

    /// <summary>Reads the newest messages before a sequence.</summary>
    public async Task<MessagePage> ReadBeforeAsync(RoomKey key, long before, int limit, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(Before, key, before, limit, text: null, cancellationToken);
        return PageOf(found, limit) with { HasAfter = before < long.MaxValue && found.Count > 0 };
    }

    /// <summary>Finds the newest messages before a sequence that match a search.</summary>
    public async Task<MessagePage> SearchAsync(RoomKey key, string text, long before, int limit, CancellationToken cancellationToken) =>
        PageOf(await ReadAsync(Matching, key, before, limit, text, cancellationToken), limit);

    /// <summary>Reads the oldest messages after a sequence.</summary>
    public async Task<MessagePage> ReadAfterAsync(RoomKey key, long after, int limit, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(After, key, after, limit, text: null, cancellationToken);
        var hasAfter = found.Count > limit;
        return new MessagePage(hasAfter ? found[..limit] : found, HasBefore: found is [{ Sequence: > 1 }, ..], hasAfter);
    }

    /// <summary>Reads the newest pages of several rooms.</summary>
    /// <param name="asked">The rooms, and which revision of each is known; -1 for none.</param>
    /// <param name="limit">Most messages of a page.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>For each the revision, and the page where it is another one than is known.</returns>
    public Task<IReadOnlyList<(long Revision, MessagePage? Page)>> ReadNewestAsync(
        IReadOnlyList<(RoomKey Key, long Known)> asked, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<IReadOnlyList<(long Revision, MessagePage? Page)>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(Newest, connection)
                {
                    Parameters =
                    {
                        Parameter.Of(asked.Select(one => one.Key.Tenant).ToArray()),
                        Parameter.Of(asked.Select(one => one.Key.Room).ToArray()),
                        Parameter.Of(asked.Select(one => one.Known).ToArray()),
                        Parameter.Of(limit + 1),
                    },
                };
                var revisions = new long[asked.Count];
                var found = new List<ChatMessage>[asked.Count];
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    var place = (int)reader.GetInt64(0) - 1;
                    revisions[place] = reader.GetInt64(1);
                    found[place] ??= [];
                    if (!reader.IsDBNull(2))
                    {
                        found[place].Add(Read(reader, 2, asked[place].Key));
                    }
                }

                return [.. asked.Select((one, place) => (revisions[place], revisions[place] == one.Known ? null : PageOf(found[place], limit)))];
            },
            cancellationToken);

    private static MessagePage PageOf(List<ChatMessage> newestFirst, int limit)
    {
        newestFirst.Reverse();
        var hasBefore = newestFirst.Count > limit;
        return new MessagePage(hasBefore ? newestFirst[1..] : newestFirst, hasBefore, HasAfter: false);
    }

    private Task<List<ChatMessage>> ReadAsync(
        string statement, RoomKey key, long cursor, int limit, string? text, CancellationToken cancellationToken) =>
        database.QueryAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(statement, connection)
                {
                    Parameters = { Parameter.Of(key.Tenant), Parameter.Of(key.Room), Parameter.Of(cursor), Parameter.Of(limit + 1) },
                };
                if (text is not null)
                {
                    command.Parameters.Add(Parameter.Of(text));
                }

                var messages = new List<ChatMessage>(limit + 1);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    messages.Add(Read(reader, 0, key));
                }

                return messages;
            },
            cancellationToken);

    private static ChatMessage Read(NpgsqlDataReader reader, int first, RoomKey key)
    {
        var message = new ChatMessage
        {
            Tenant = key.Tenant,
            Room = key.Room,
            Sequence = reader.GetInt64(first),
            Id = reader.GetGuid(first + 1).ToString("D"),
            SenderId = reader.GetString(first + 2),
            SenderName = reader.GetString(first + 3),
            Text = reader.GetString(first + 4),
            SystemData = reader.GetString(first + 5),
            Security = reader.GetString(first + 6),
            SentAt = Milliseconds(reader, first + 7),
            EditedAt = Milliseconds(reader, first + 8),
            DeletedAt = Milliseconds(reader, first + 9),
        };
        if (!reader.IsDBNull(first + 10))
        {
            var reactions = reader.GetFieldValue<string[]>(first + 10).Zip(reader.GetFieldValue<string[]>(first + 11));
            message.Reactions.AddRange(reactions
                .GroupBy(reaction => reaction.First, reaction => reaction.Second, StringComparer.Ordinal)
                .Select(emoji => new Reaction { Emoji = emoji.Key, Participants = { emoji } }));
        }

        return message;
    }

    private static long Milliseconds(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? 0 : new DateTimeOffset(reader.GetDateTime(column)).ToUnixTimeMilliseconds();
}
