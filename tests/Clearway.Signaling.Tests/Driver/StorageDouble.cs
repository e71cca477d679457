using System.Collections.Concurrent;
using Clearway.Storage.V1;
using Grpc.Core;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>The storage service over real gRPC, as far as the gateway uses it.</summary>
internal sealed class StorageDouble : RecordingService.RecordingServiceBase
{
    private readonly ConcurrentDictionary<string, CreateRequest> _opened = [];

    /// <summary>The room of a tenant whose quota is used up.</summary>
    internal const string FullRoom = "full";

    /// <summary>Makes the service fail every call.</summary>
    internal bool IsDown { get; set; }

    /// <summary>What was opened and not deleted, by id.</summary>
    internal IReadOnlyDictionary<string, CreateRequest> Opened => _opened;

    public override Task<Recording> Create(CreateRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        if (request.Room == FullRoom)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "no"), new Metadata { { "clearway-code", "quota_exceeded" } });
        }

        _opened[request.Id] = request;
        return Task.FromResult(new Recording { Id = request.Id });
    }

    public override Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        _opened.TryRemove(request.Id, out _);
        return Task.FromResult(new DeleteResponse());
    }

    private void ThrowWhenDown()
    {
        if (IsDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }
    }
}
