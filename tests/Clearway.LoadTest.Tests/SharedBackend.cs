using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest.Tests;

/// <summary>Auth, Chat and their stores, once for all campaigns.</summary>
public sealed class SharedBackend : IAsyncLifetime
{
    public async Task InitializeAsync() => Backend.Shared = await Backend.StartAsync(core: null);

    public async Task DisposeAsync()
    {
        if (Backend.Shared is { } backend)
        {
            Backend.Shared = null;
            await backend.DisposeAsync();
        }
    }
}
