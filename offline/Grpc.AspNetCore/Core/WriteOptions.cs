namespace Grpc.Core;

/// <summary>Hints for one write; nothing here compresses, so that hint is met already.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>More will follow: the message may wait in the buffer for the next write.</summary>
    BufferHint = 0x1,
    NoCompress = 0x2,
}

/// <summary>Hints for the writes of a call or a stream.</summary>
public class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
