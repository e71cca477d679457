using Clearway.Chat.V1;
using Clearway.TestServers;
using Grpc.Net.Client;

namespace Clearway.LoadTest.Servers;

/// <summary>The chat service as operators run it, over a PostgreSQL of its own.</summary>
internal sealed class ChatServers : IAsyncDisposable
{
    private readonly PostgresServer _postgres;
    private readonly GrpcChannel _channel;

    private ChatServers(PostgresServer postgres, Running chat, string grpc)
    {
        (_postgres, Chat) = (postgres, chat);
        _channel = GrpcChannel.ForAddress(grpc);
        History = new ChatHistoryService.ChatHistoryServiceClient(_channel);
    }

    internal Running Chat { get; }

    internal ChatHistoryService.ChatHistoryServiceClient History { get; }

    /// <summary>Of the service's database, with enough connections for one campaign.</summary>
    internal string ConnectionString => _postgres.ConnectionString("postgres") + ";Maximum Pool Size=30;Max Auto Prepare=20;Auto Prepare Min Usages=2";

    internal static async Task<ChatServers> StartAsync()
    {
        var postgres = await PostgresServer.StartAsync();
        try
        {
            var grpc = Service.Address(ServerProcess.FreePort());
            var chat = await Service.StartAsync("chat", "Clearway.Chat", core: null, new Dictionary<string, string>
            {
                ["ConnectionStrings__clearwaydb"] = postgres.ConnectionString("postgres"),
                ["Kestrel__Endpoints__grpc__Url"] = grpc,
            });
            return new ChatServers(postgres, chat, grpc);
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Chat.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
