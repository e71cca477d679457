using Clearway.Chat.Files;
using Microsoft.EntityFrameworkCore;

namespace Clearway.Chat.History;

/// <summary>Which message changes, by whom (public participant id), and when.</summary>
internal readonly record struct ChangeKey(RoomKey Room, Guid MessageId, string By, DateTime At);

/// <summary>
/// Edits, deletions and reactions. Each takes the message's row first, so that of two changes at the same time the second sees what the
/// first left; each may be repeated, by itself when the connection breaks or by its caller, and is then answered as before.
/// </summary>
internal sealed class MessageChanges(ChatDbContext database)
{
    /// <summary>Different reactions that one message has at most.</summary>
    public const int MostEmoji = 50;

    /// <summary>Gives a message another text.</summary>
    /// <returns>Null when it has it.</returns>
    public Task<Refusal?> EditAsync(ChangeKey key, string text, CancellationToken cancellationToken) => ChangeAsync(
        key,
        message =>
        {
            if (RefuseAuthor(message, key.By) is { } refusal)
            {
                return refusal;
            }

            if (message.EditedAt > key.At)
            {
                return Refusal.ChangeOutrun;
            }

            (message.Text, message.EditedAt) = (text, key.At);
            return null;
        },
        cancellationToken);

    /// <summary>Deletes what a message said, and the reactions to it; that it was there stays.</summary>
    /// <returns>Null when it is deleted.</returns>
    public Task<Refusal?> DeleteAsync(ChangeKey key, bool isModerator, CancellationToken cancellationToken) => ChangeAsync(
        key,
        message =>
        {
            if (message.DeletedBy == key.By)
            {
                // Said again, since the answer was lost.
                return null;
            }

            // What a file's announcement is about is somebody's, and ends with it; other announcements are nobody's.
            var file = message.IsSystem ? FileAnnouncement.Read(message.SystemData) : null;
            if (RefuseAuthor(message, isModerator ? null : key.By, file) is { } refusal)
            {
                return refusal;
            }

            if (file is not null)
            {
                (message.SenderId, message.SenderName) = (file.SenderId, file.SenderName);
                (message.SystemData, message.Security) = ("", "");
            }

            (message.Text, message.EditedAt, message.DeletedAt, message.DeletedBy) = ("", null, key.At, key.By);
            message.Reactions.Clear();
            return null;
        },
        cancellationToken);

    /// <summary>Adds a reaction, or takes it back.</summary>
    /// <returns>Null when it is there, or gone.</returns>
    public Task<Refusal?> ReactAsync(ChangeKey key, string emoji, bool isOn, CancellationToken cancellationToken) => ChangeAsync(
        key,
        message =>
        {
            if (message.DeletedAt is not null)
            {
                return Refusal.MessageUnknown;
            }

            var known = message.Reactions.FirstOrDefault(reaction => reaction.Emoji == emoji && reaction.ParticipantId == key.By);
            if (known is not null && !isOn)
            {
                message.Reactions.Remove(known);
            }

            if (known is not null || !isOn)
            {
                return null;
            }

            var emojis = message.Reactions.Select(reaction => reaction.Emoji).Append(emoji).Distinct(StringComparer.Ordinal).Count();
            if (emojis > MostEmoji)
            {
                return Refusal.ReactionsFull;
            }

            message.Reactions.Add(new StoredReaction
            {
                Tenant = message.Tenant,
                Room = message.Room,
                Sequence = message.Sequence,
                Emoji = emoji,
                ParticipantId = key.By,
                ReactedAt = key.At,
            });
            return null;
        },
        cancellationToken);

    /// <param name="message">What is to change.</param>
    /// <param name="author">Who has to be its author; null for anybody.</param>
    /// <param name="file">The file that it announces, where that counts.</param>
    private static Refusal? RefuseAuthor(StoredMessage message, string? author, FileAnnouncement? file = null) =>
        message.DeletedAt is not null ? Refusal.MessageUnknown
        : message.IsSystem && file is null ? Refusal.MessageForbidden
        : (author ?? file?.SenderId ?? message.SenderId) != (file?.SenderId ?? message.SenderId) ? Refusal.MessageForbidden
        : null;

    private Task<Refusal?> ChangeAsync(ChangeKey key, Func<StoredMessage, Refusal?> change, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellation =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                var found = await database.Messages
                    .FromSql($"""
                        SELECT * FROM chat.messages
                        WHERE tenant = {key.Room.Tenant} AND room = {key.Room.Room} AND id = {key.MessageId}
                        FOR UPDATE
                        """)
                    .ToListAsync(cancellation);
                if (found is not [var message])
                {
                    return Refusal.MessageUnknown;
                }

                // A statement of its own, begun when the row is held: it sees the reactions of whoever held it before.
                await database.Entry(message).Collection(m => m.Reactions).LoadAsync(cancellation);
                if (change(message) is { } refusal)
                {
                    return refusal;
                }

                await database.SaveChangesAsync(cancellation);
                await database.Database.ExecuteSqlAsync(
                    $"UPDATE chat.rooms SET revision = revision + 1 WHERE tenant = {key.Room.Tenant} AND room = {key.Room.Room}", cancellation);
                await transaction.CommitAsync(cancellation);
                return null;
            },
            cancellationToken);
}
