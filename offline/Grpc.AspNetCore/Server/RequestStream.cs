using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The messages a caller sends, as a service method reads them.</summary>
internal sealed class RequestStream<TRequest, TResponse>(ServerCall<TRequest, TResponse> call) : IAsyncStreamReader<TRequest>
    where TRequest : class
    where TResponse : class
{
    public TRequest Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        call.Context.ThrowIfEnded();
        Current = null!;
        var next = await call.ReadNextAsync(cancellationToken);
        Current = next!;
        return next is not null;
    }
}
