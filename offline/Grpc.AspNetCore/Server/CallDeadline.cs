using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>The time a caller gives a call, counted from the arrival of its request.</summary>
internal sealed class CallDeadline : IDisposable
{
    /// <summary>Longer than a timer counts: such a deadline is known to the method but nobody waits for it.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenSource _ended;

    private CallDeadline(TimeSpan timeout, HttpContext httpContext)
    {
        At = DateTime.UtcNow + timeout;
        _passed = new CancellationTokenSource(timeout < LongestTimer ? timeout : Timeout.InfiniteTimeSpan);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_passed.Token, httpContext.RequestAborted);
    }

    /// <summary>In UTC.</summary>
    public DateTime At { get; }

    public bool HasPassed => _passed.IsCancellationRequested;

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Passed => _passed.Token;

    /// <summary>Cancelled when the time is over or the caller is gone.</summary>
    public CancellationToken Token => _ended.Token;

    /// <returns>Null when the request has no deadline, or one that cannot be understood.</returns>
    public static CallDeadline? Of(HttpContext httpContext) =>
        TimeoutHeader.TryParse(httpContext.Request.Headers[ProtocolNames.Timeout], out var timeout) && timeout > TimeSpan.Zero
            ? new CallDeadline(timeout, httpContext)
            : null;

    public void Dispose()
    {
        _ended.Dispose();
        _passed.Dispose();
    }
}
