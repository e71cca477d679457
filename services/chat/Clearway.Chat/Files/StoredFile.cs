namespace Clearway.Chat.Files;

/// <summary>A file of a room's chat; its bytes are a blob.</summary>
internal sealed class StoredFile
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    public required Guid Id { get; init; }

    /// <summary>See <see cref="FileName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="FileType"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Public participant id of who uploaded it.</summary>
    public required string SenderId { get; init; }

    public required string SenderName { get; init; }

    /// <summary>UTC, in whole milliseconds.</summary>
    public required DateTime UploadedAt { get; init; }

    /// <summary>The message that announces it, once it is announced.</summary>
    public Guid MessageId { get; set; }
}
