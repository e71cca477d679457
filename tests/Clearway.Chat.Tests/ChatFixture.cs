using Clearway.TestServers;
using Xunit;

namespace Clearway.Chat.Tests;

/// <summary>One PostgreSQL server and one chat service for the tests that can share them; rooms keep them apart.</summary>
public sealed class ChatFixture : IAsyncLifetime
{
    internal PostgresServer Postgres { get; private set; } = null!;

    internal ChatHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Postgres = await PostgresServer.StartAsync();
        Host = await ChatHost.StartReadyAsync(Postgres.ConnectionString("clearwaydb"));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedChat : ICollectionFixture<ChatFixture>
{
    public const string Name = "chat";
}
