using System.Security.Cryptography;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>What stands behind the gateway: Auth and Chat with a Redis and a PostgreSQL of their own.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private const string Password = "a password made for this load";

    private readonly List<IAsyncDisposable> _started = [];
    private readonly TemporaryFolder _authorities = new("load-authority");

    private Backend()
    {
    }

    /// <summary>One for all campaigns of this process, where each starting its own would take too long.</summary>
    internal static Backend? Shared { get; set; }

    /// <summary>Connection string.</summary>
    internal string Redis { get; private set; } = "";

    internal string AuthHttp { get; private set; } = "";

    internal string AuthGrpc { get; } = Service.Address(ServerProcess.FreePort());

    internal string ChatHttp { get; private set; } = "";

    internal string ChatGrpc { get; } = Service.Address(ServerProcess.FreePort());

    internal string SystemMessageKey { get; } = RandomNumberGenerator.GetHexString(48);

    internal RoomTokens Tokens { get; private set; } = null!;

    /// <summary>What Chat stores in.</summary>
    internal PostgresServer Database { get; private set; } = null!;

    internal IEnumerable<string> LoggedErrors => _started.OfType<Running>().SelectMany(running => running.LoggedErrors);

    internal static async Task<Backend> StartAsync(int? core)
    {
        var backend = new Backend();
        try
        {
            await backend.StartAllAsync(core);
            return backend;
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Tokens?.Dispose();
        foreach (var one in _started.AsEnumerable().Reverse())
        {
            await one.DisposeAsync();
        }

        _authorities.Dispose();
    }

    private async Task StartAllAsync(int? core)
    {
        var redis = await RedisServer.StartAsync();
        _started.Add(redis);
        Redis = redis.ConnectionString + ",abortConnect=false";
        Database = await PostgresServer.StartAsync();
        _started.Add(Database);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        var auth = await Service.StartAsync("auth", "Clearway.Auth", core, new Dictionary<string, string>
        {
            // There it makes a certificate authority of its own, which nothing here asks for anything.
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Auth__CaDirectory"] = _authorities.Path,
            ["Auth__OrganizerPassword"] = Password,
            ["Auth__SigningKeyPem"] = pem,
            ["ConnectionStrings__redis"] = Redis,
            ["Kestrel__Endpoints__grpc__Url"] = AuthGrpc,
        });
        _started.Add(auth);
        AuthHttp = Service.Address(auth.Port);
        Tokens = await RoomTokens.AskAsync(new Uri(AuthHttp), Password, pem);

        // A database that exists already; and fewer connections than the server takes, however many join at once.
        var chat = await Service.StartAsync("chat", "Clearway.Chat", core, new Dictionary<string, string>
        {
            ["ConnectionStrings__clearwaydb"] = Database.ConnectionString("postgres") + ";Maximum Pool Size=40",
            ["Kestrel__Endpoints__grpc__Url"] = ChatGrpc,
        });
        _started.Add(chat);
        ChatHttp = Service.Address(chat.Port);
    }
}
