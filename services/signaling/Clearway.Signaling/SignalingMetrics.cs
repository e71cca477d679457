using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Clearway.ServiceDefaults;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling;

/// <summary>What operators count. Nothing carries a room or a participant: there are as many series whatever is going on.</summary>
internal sealed class SignalingMetrics
{
    internal const int TimedRelays = 64;

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _connections;
    private readonly UpDownCounter<int> _rooms;
    private readonly Counter<long> _joins;
    private readonly Histogram<double> _joinDuration;
    private readonly ConcurrentDictionary<string, StrongBox<long>> _frames = new(StringComparer.Ordinal);
    private readonly Dictionary<RelayKind, StrongBox<long>> _relays;
    private readonly Histogram<double> _relayDuration;
    private readonly Counter<long> _received;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _sheds;
    private readonly Counter<long> _cluster;
    private readonly Counter<long> _chat;
    private readonly Counter<long> _chatChanges;
    private readonly Counter<long> _systemMessages;
    private readonly Counter<long> _commands;
    private readonly Counter<long> _glimpses;
    private readonly Counter<long> _qualityReports;
    private readonly Histogram<double> _opinionScore;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _loss;
    private long _heldBytes;
    private long _mostHeldBytes;

    public SignalingMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create("Clearway.Signaling");
        _connections = meter.CreateUpDownCounter<int>("clearway.signaling.connections", "{connection}", "Open WebSockets.");
        _rooms = meter.CreateUpDownCounter<int>("clearway.signaling.rooms", "{room}", "Rooms with a session on this node.");
        _joins = meter.CreateCounter<long>("clearway.signaling.joins", "{join}", "Joins by outcome.");
        _joinDuration = meter.CreateHistogram<double>(
            "clearway.signaling.join.duration", "s", "From the join frame to its first answer.", advice: Buckets.Seconds(0.001, 10));
        _relays = Enum.GetValues<RelayKind>().ToDictionary(kind => kind, kind => FramesOf(kind.ToString().ToLowerInvariant()));
        meter.CreateObservableCounter(
            "clearway.signaling.frames",
            () => _frames.Select(type => new Measurement<long>(type.Value.Value, new KeyValuePair<string, object?>("type", type.Key))),
            "{frame}",
            "Frames received, by type.");
        _relayDuration = meter.CreateHistogram<double>(
            "clearway.signaling.relay.duration",
            "s",
            "From reading a frame to handing it to the recipient's connection; one in 64 is timed.",
            advice: Buckets.Seconds(0.00001, 1));
        _received = meter.CreateCounter<long>("clearway.signaling.received", "By", "Bytes received over WebSockets.");
        _resumes = meter.CreateCounter<long>("clearway.signaling.resumes", "{resume}", "Resumed sessions: complete, or with something missing.");
        meter.CreateObservableGauge("clearway.signaling.outbox.bytes", () => _heldBytes, "By", "Bytes held for all connections.");
        meter.CreateObservableGauge("clearway.signaling.outbox.largest", () => _mostHeldBytes, "By", "Bytes held for the one with the most.");
        _refusals = meter.CreateCounter<long>("clearway.signaling.refusals", "{frame}", "Frames refused, by code.");
        _sheds = meter.CreateCounter<long>("clearway.signaling.sheds", "{request}", "Connections and joins refused for load, by reason.");
        _closes = meter.CreateCounter<long>("clearway.signaling.closes", "{connection}", "Connections ended by the node, by code.");
        _cluster = meter.CreateCounter<long>("clearway.signaling.cluster.messages", "{message}", "Messages between nodes.");
        _chat = meter.CreateCounter<long>("clearway.signaling.chat.archived", "{message}", "Chat messages by their fate in the history.");
        _chatChanges = meter.CreateCounter<long>(
            "clearway.signaling.chat.changes", "{change}", "Edits, deletions and reactions, by kind and outcome.");
        _systemMessages = meter.CreateCounter<long>(
            "clearway.signaling.system_messages", "{message}", "System messages by outcome: announced, repeated, forged.");
        _commands = meter.CreateCounter<long>("clearway.signaling.commands", "{command}", "Control commands by name and outcome.");
        _glimpses = meter.CreateCounter<long>("clearway.signaling.glimpses", "{glimpse}", "Pointer positions and gestures, by type and fate.");
        _qualityReports = meter.CreateCounter<long>("clearway.call.quality.reports", "{report}", "Reports of participants, by cause and way.");
        _opinionScore = meter.CreateHistogram(
            "clearway.call.mos", "1", "Mean opinion score of a voice, as its receiver estimates it.", advice: Buckets.At(1, 2, 2.58, 3.1, 3.6, 4.03, 4.34));
        _roundTrip = meter.CreateHistogram(
            "clearway.call.rtt", "s", "Round trip between two participants.", advice: Buckets.At(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6));
        _loss = meter.CreateHistogram(
            "clearway.call.loss", "1", "Share of a voice's packets that were lost.", advice: Buckets.At(0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5));
    }

    /// <summary>Reports the size of the time wheel whenever it is asked for.</summary>
    internal void ObserveWheel(Func<int> size) =>
        _meter.CreateObservableGauge("clearway.signaling.wheel.rooms", size, "{room}", "Rooms in the time wheel.");

    /// <summary>Reports how many idle rooms are remembered whenever it is asked for.</summary>
    internal void ObserveIdleRooms(Func<int> count) =>
        _meter.CreateObservableGauge("clearway.signaling.rooms.idle", count, "{room}", "Rooms remembered without a session here.");

    internal void ConnectionOpened() => _connections.Add(1);

    internal void ConnectionClosed(string? code)
    {
        _connections.Add(-1);
        if (code is { Length: > 0 })
        {
            _closes.Add(1, new KeyValuePair<string, object?>("code", code));
        }
    }

    internal void RoomOpened() => _rooms.Add(1);

    internal void RoomRetired() => _rooms.Add(-1);

    /// <summary>A join ended so; one that has to wait is counted as such and once more when it ends.</summary>
    internal void Join(string outcome) => _joins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void JoinAnswered(TimeSpan duration) => _joinDuration.Record(duration.TotalSeconds);

    internal void Frame(string type) => Interlocked.Increment(ref FramesOf(type).Value);

    /// <summary>Counts a relayed frame and tells how many of its kind there were.</summary>
    internal long Relayed(RelayKind kind) => Interlocked.Increment(ref _relays[kind].Value);

    internal void RelayTook(TimeSpan duration) => _relayDuration.Record(duration.TotalSeconds);

    internal void Resumed(bool isComplete) =>
        _resumes.Add(1, new KeyValuePair<string, object?>("outcome", isComplete ? "complete" : "incomplete"));

    internal void Received(long bytes) => _received.Add(bytes);

    /// <summary>What is held for connections that have not taken or not acknowledged it.</summary>
    internal void Held(long bytes, long most) => (_heldBytes, _mostHeldBytes) = (bytes, most);

    internal void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void Shed(string reason) => _sheds.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void ClusterMessage(string fate) => _cluster.Add(1, new KeyValuePair<string, object?>("fate", fate));

    internal void ChatArchived(int messages, string fate) => _chat.Add(messages, new KeyValuePair<string, object?>("fate", fate));

    /// <summary>A command was obeyed, or refused with a code.</summary>
    internal void Command(string name, string outcome) => _commands.Add(
        1, new KeyValuePair<string, object?>("command", name), new KeyValuePair<string, object?>("outcome", outcome));

    internal void Glimpse(string type, string fate) => _glimpses.Add(
        1, new KeyValuePair<string, object?>("type", type), new KeyValuePair<string, object?>("fate", fate));

    internal void Quality(ClientMessage.Quality quality)
    {
        var way = new KeyValuePair<string, object?>("candidate", quality.Candidate);
        _qualityReports.Add(1, way, new KeyValuePair<string, object?>("cause", quality.Cause));
        _opinionScore.Record(quality.OpinionScore, way);
        _roundTrip.Record(quality.RoundTripMs / 1000.0, way);
        _loss.Record(quality.Loss, way);
    }

    internal void QualityDropped() => _qualityReports.Add(1, new KeyValuePair<string, object?>("cause", "dropped"));

    internal void ChatChange(string kind, string outcome) => _chatChanges.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    internal void SystemMessage(string outcome) => _systemMessages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private StrongBox<long> FramesOf(string type) => _frames.GetOrAdd(type, _ => new StrongBox<long>());
}
