namespace Clearway.Signaling.Tests.Driver;

/// <summary>Two nodes for all tests of a class, on which nobody waits between two lines.</summary>
public sealed class TalkativeGateway : IAsyncLifetime
{
    private Gateway? _gateway;

    internal Gateway Gateway => _gateway!;

    public async Task InitializeAsync() =>
        _gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:ChatInterval", "00:00:00"));

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
