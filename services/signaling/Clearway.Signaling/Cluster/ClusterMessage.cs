using Clearway.Signaling.Connections;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Cluster;

/// <summary>What nodes tell each other about a room: a closed set. Nodes of one release speak one form.</summary>
internal abstract record ClusterMessage(RoomId Room)
{
    /// <summary>A frame for one participant. It is forwarded once when the participant has moved meanwhile.</summary>
    internal sealed record Deliver(RoomId Room, ParticipantId Target, bool IsForwarded, ServerFrame Frame) : ClusterMessage(Room);

    /// <summary>A frame for everyone of the room on the receiving node.</summary>
    internal sealed record Broadcast(RoomId Room, ServerFrame Frame) : ClusterMessage(Room);

    /// <summary>An entry of the roster, new or changed.</summary>
    internal sealed record Entered(RoomId Room, RosterEntry Entry) : ClusterMessage(Room);

    /// <summary>Somebody is out.</summary>
    internal sealed record Removed(RoomId Room, ParticipantId Id, long Revision, string Reason) : ClusterMessage(Room);

    /// <summary>A recording began or ended.</summary>
    internal sealed record Recorded(RoomId Room, RecordingState State) : ClusterMessage(Room);

    /// <summary>What moderators ordered changed.</summary>
    internal sealed record Ordered(RoomId Room, OrdersState State) : ClusterMessage(Room);

    /// <summary>The room's policy changed.</summary>
    internal sealed record PolicyChanged(RoomId Room, PolicyState State) : ClusterMessage(Room);

    /// <summary>Somebody knocks.</summary>
    internal sealed record Knocked(RoomId Room, Knock Knock) : ClusterMessage(Room);

    /// <summary>Somebody was let in, was turned away, or gave up.</summary>
    internal sealed record KnocksGone(RoomId Room, IReadOnlyList<ParticipantId> Who) : ClusterMessage(Room);

    /// <summary>
    /// What is worth nothing a moment later, for everyone of the room on the receiving node whose connection is idle.
    /// </summary>
    internal sealed record Glimpse(RoomId Room, ServerFrame Frame) : ClusterMessage(Room);

    /// <summary>What an older node kept for a participant who resumed elsewhere.</summary>
    internal sealed record HandedOver(RoomId Room, ParticipantId Target, ConnectionId Connection, SessionLog Log) : ClusterMessage(Room);

    internal void Write(BinaryWriter writer)
    {
        switch (this)
        {
            case Deliver deliver:
                Start(writer, 1);
                writer.Write(deliver.Target.Value);
                writer.Write(deliver.IsForwarded);
                Write(writer, deliver.Frame);
                break;
            case Broadcast broadcast:
                Start(writer, 2);
                Write(writer, broadcast.Frame);
                break;
            case Entered entered:
                Start(writer, 3);
                writer.Write(entered.Entry.Id.Value);
                writer.Write((entered.Entry with { Resume = "" }).ToText());
                break;
            case Removed removed:
                Start(writer, 4);
                writer.Write(removed.Id.Value);
                writer.Write(removed.Revision);
                writer.Write(removed.Reason);
                break;
            case Recorded recorded:
                Start(writer, 5);
                writer.Write(recorded.State.Revision);
                writer.Write(Recording.ToText(recorded.State.Recording));
                break;
            case HandedOver handedOver:
                Start(writer, 6);
                writer.Write(handedOver.Target.Value);
                writer.Write(handedOver.Connection.Value);
                Write(writer, handedOver.Log);

                break;
            case Ordered ordered:
                Start(writer, 7);
                writer.Write(ordered.State.Revision);
                writer.Write(ordered.State.Orders.ToText());
                break;
            case PolicyChanged changed:
                Start(writer, 9);
                writer.Write(changed.State.Revision);
                writer.Write(changed.State.Policy!.ToText());
                break;
            case Knocked knocked:
                Start(writer, 10);
                writer.Write(knocked.Knock.Id.Value);
                writer.Write(knocked.Knock.Name);
                writer.Write(knocked.Knock.Revision);
                break;
            case KnocksGone gone:
                Start(writer, 11);
                writer.Write(gone.Who.Count);
                foreach (var who in gone.Who)
                {
                    writer.Write(who.Value);
                }

                break;
            case Glimpse glimpse:
                Start(writer, 8);
                Write(writer, glimpse.Frame);
                break;
        }
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter)"/> wrote; null for a kind that this release does not know.</summary>
    /// <exception cref="EndOfStreamException">The message is cut.</exception>
    internal static ClusterMessage? Read(BinaryReader reader)
    {
        var kind = reader.ReadByte();
        var room = new RoomId(reader.ReadString());
        switch (kind)
        {
            case 1:
                return new Deliver(room, new ParticipantId(reader.ReadString()), reader.ReadBoolean(), ReadFrame(reader));
            case 2:
                return new Broadcast(room, ReadFrame(reader));
            case 3:
                return new Entered(room, RosterEntry.Parse(new ParticipantId(reader.ReadString()), reader.ReadString()));
            case 4:
                return new Removed(room, new ParticipantId(reader.ReadString()), reader.ReadInt64(), reader.ReadString());
            case 5:
                var revision = reader.ReadInt64();
                return new Recorded(room, new RecordingState(Recording.Parse(reader.ReadString()), revision));
            case 6:
                var target = new ParticipantId(reader.ReadString());
                var connection = new ConnectionId(reader.ReadString());
                return new HandedOver(room, target, connection, ReadLog(reader));
            case 7:
                var ordered = reader.ReadInt64();
                return new Ordered(room, new OrdersState(RoomOrders.Parse(reader.ReadString()), ordered));
            case 8:
                return new Glimpse(room, ReadFrame(reader));
            case 9:
                var changed = reader.ReadInt64();
                return new PolicyChanged(room, new PolicyState(RoomPolicy.Parse(reader.ReadString()), changed));
            case 10:
                return new Knocked(room, new Knock(new ParticipantId(reader.ReadString()), reader.ReadString(), reader.ReadInt64()));
            case 11:
                var gone = new List<ParticipantId>();
                for (var count = reader.ReadInt32(); count > 0; count--)
                {
                    gone.Add(new ParticipantId(reader.ReadString()));
                }

                return new KnocksGone(room, gone);
            default:
                return null;
        }
    }

    private void Start(BinaryWriter writer, byte kind)
    {
        writer.Write(kind);
        writer.Write(Room.Value);
    }

    private static void Write(BinaryWriter writer, ServerFrame frame)
    {
        writer.Write(frame.IsKept);
        writer.Write(frame.Bytes.Length);
        writer.Write(frame.Bytes.Span);
    }

    private static ServerFrame ReadFrame(BinaryReader reader)
    {
        var isKept = reader.ReadBoolean();
        return new ServerFrame(reader.ReadBytes(reader.ReadInt32()), isKept);
    }

    private static void Write(BinaryWriter writer, SessionLog log)
    {
        writer.Write(log.Before);
        writer.Write(log.Sent);
        writer.Write(log.Taken);
        writer.Write(log.IsWhole);
        writer.Write(log.Frames.Count);
        foreach (var frame in log.Frames)
        {
            Write(writer, frame);
        }
    }

    private static SessionLog ReadLog(BinaryReader reader)
    {
        var (before, sent, taken) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var isWhole = reader.ReadBoolean();
        var frames = new List<ServerFrame>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            frames.Add(ReadFrame(reader));
        }

        return new SessionLog(frames, before, sent, taken, isWhole);
    }
}
