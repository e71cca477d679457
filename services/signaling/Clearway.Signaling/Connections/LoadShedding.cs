using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>
/// What a node takes on at most: connections, joins a second, joins at once. What is more is told to come back later, at the least cost
/// and before it harms those who are in a call.
/// </summary>
internal sealed class LoadShedding(OpenConnections open, SignalingMetrics metrics, TimeProvider time, IOptions<SignalingOptions> options)
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(3);

    private readonly SignalingOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly TokenBucket _joins = new(options.Value.MaxJoinsPerSecond, time); // guarded by _gate
    private int _joining; // guarded by _gate

    /// <summary>Whether there is room for one more connection.</summary>
    internal bool TakesConnection()
    {
        if (open.Count < _options.MaxConnections)
        {
            return true;
        }

        metrics.Shed("connections");
        return false;
    }

    /// <summary>A join's place until it is disposed; null and a reason when there is none.</summary>
    internal (IDisposable? Place, CloseReason? Refused) TakeJoin()
    {
        string reason;
        lock (_gate)
        {
            if (_joining >= _options.MaxJoinsInFlight)
            {
                reason = "joins_in_flight";
            }
            else if (!_joins.TryTake(out _))
            {
                reason = "join_rate";
            }
            else
            {
                _joining++;
                return (new Place(this), null);
            }
        }

        metrics.Shed(reason);
        return (null, CloseReason.Overloaded with { RetryAfterMs = Jitter.Below(LongestRetry) });
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            _joining--;
        }
    }

    private sealed class Place(LoadShedding shedding) : IDisposable
    {
        public void Dispose() => shedding.GiveBack();
    }
}
