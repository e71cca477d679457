namespace Clearway.Offline.Grpc.Tests;

/// <summary>The probe service on grpc-js.</summary>
public sealed class NodeServer : IAsyncLifetime
{
    private NodeProcess? _node;

    public Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _node = NodeProcess.Start("server.mjs");
        Address = new Uri($"http://127.0.0.1:{await _node.ReadLineAsync()}");
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
