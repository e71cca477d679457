using Clearway.Offline.Grpc.Tests.Protocol;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>What a probe service has seen since it started.</summary>
internal sealed class ProbeObservations
{
    private int _cancelled;
    private int _chunksSent;

    public void CountCancelled() => Interlocked.Increment(ref _cancelled);

    public void CountChunk() => Interlocked.Increment(ref _chunksSent);

    public Observation Read() => new() { Cancelled = Volatile.Read(ref _cancelled), ChunksSent = Volatile.Read(ref _chunksSent) };
}
