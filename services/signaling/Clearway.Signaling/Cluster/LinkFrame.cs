using System.Text;

namespace Clearway.Signaling.Cluster;

/// <summary>What travels over a node's channel: a closed set. Nodes of one release speak one form.</summary>
internal abstract record LinkFrame
{
    /// <summary>A message that counts, in its place among those of one sender's link.</summary>
    /// <param name="From">The sending node.</param>
    /// <param name="Link">Which of its links to the receiver; a later one has a higher number.</param>
    /// <param name="Number">1 for the first of the link.</param>
    /// <param name="Message">The message; null for a kind that this release does not know.</param>
    internal sealed record Numbered(string From, long Link, long Number, ClusterMessage? Message) : LinkFrame;

    /// <summary>A message that is worth nothing later.</summary>
    internal sealed record Passing(ClusterMessage? Message) : LinkFrame;

    /// <summary>All messages of a link up to a number were taken.</summary>
    internal sealed record Taken(string From, long Link, long Number) : LinkFrame;

    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            switch (this)
            {
                case Numbered numbered:
                    Start(writer, 1, numbered.From, numbered.Link, numbered.Number);
                    numbered.Message!.Write(writer);
                    break;
                case Passing passing:
                    writer.Write((byte)2);
                    passing.Message!.Write(writer);
                    break;
                case Taken taken:
                    Start(writer, 3, taken.From, taken.Link, taken.Number);
                    break;
            }
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for a kind that this release does not know.</summary>
    /// <exception cref="EndOfStreamException">The frame is cut.</exception>
    internal static LinkFrame? Parse(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadByte() switch
        {
            1 => new Numbered(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(), ClusterMessage.Read(reader)),
            2 => new Passing(ClusterMessage.Read(reader)),
            3 => new Taken(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64()),
            _ => null,
        };
    }

    private static void Start(BinaryWriter writer, byte kind, string from, long link, long number)
    {
        writer.Write(kind);
        writer.Write(from);
        writer.Write(link);
        writer.Write(number);
    }
}
