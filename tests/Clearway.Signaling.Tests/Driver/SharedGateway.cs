namespace Clearway.Signaling.Tests.Driver;

/// <summary>Two nodes for all tests of a class, each of which has a room of its own.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    private Gateway? _gateway;

    internal Gateway Gateway => _gateway!;

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync(nodes: 2);

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
