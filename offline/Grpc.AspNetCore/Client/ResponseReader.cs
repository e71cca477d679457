using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>The messages of a response stream, as the caller reads them.</summary>
internal sealed class ResponseReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _isReading;

    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        call.ThrowIfDisposed();
        if (call.HasEnded(out var status))
        {
            return status.StatusCode == StatusCode.OK ? false : throw call.ToException();
        }

        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        }

        using var cancellation = call.CancelWith(cancellationToken);
        try
        {
            Current = null!;
            Current = (await call.ReadNextAsync())!;
            return Current is not null;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }
}
