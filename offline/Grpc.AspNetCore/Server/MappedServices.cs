namespace Grpc.AspNetCore.Server;

/// <summary>What has been mapped in a host: calls to services that nobody mapped are answered by one endpoint.</summary>
internal sealed class MappedServices
{
    private int _isClaimed;

    /// <returns>True the first time.</returns>
    public bool ClaimUnknownServices() => Interlocked.Exchange(ref _isClaimed, 1) == 0;
}
