using Clearway.Auth.V1;
using Clearway.Signaling.Cluster;
using Clearway.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>Gateway nodes on Kestrel over one real Redis, with Auth, chat and storage as real gRPC services of the test.</summary>
public sealed class Gateway : IAsyncDisposable
{
    internal const string SystemMessageKey = "golden-system-message-key-0123456789abcdef";

    // The endpoint of appsettings.json has to go before a factory's own settings are read.
    static Gateway() => Environment.SetEnvironmentVariable("Kestrel__Endpoints__http__Url", "http://127.0.0.1:0");

    private readonly WebApplication _services;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly TimeProvider _time;
    private readonly List<Node> _nodes = [];

    private Gateway(
        RedisServer redis,
        WebApplication services,
        AuthDouble auth,
        ChatDouble chat,
        StorageDouble storage,
        IReadOnlyDictionary<string, string> settings,
        TimeProvider time)
    {
        Redis = redis;
        _services = services;
        Auth = auth;
        Chat = chat;
        Storage = storage;
        _settings = settings;
        _time = time;
    }

    internal RedisServer Redis { get; }

    internal AuthDouble Auth { get; }

    internal ChatDouble Chat { get; }

    internal StorageDouble Storage { get; }

    /// <summary>What all nodes recorded about commands.</summary>
    internal AuditTrail Audit { get; } = new("Clearway.Audit");

    /// <summary>What all nodes recorded about the use of rooms.</summary>
    internal AuditTrail Charging { get; } = new("Clearway.Charging");

    internal Uri Address => _nodes[0].Address;

    internal IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Starts everything.</summary>
    internal static async Task<Gateway> StartAsync(int nodes = 1, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var redis = await RedisServer.StartAsync();
        var auth = new AuthDouble();
        var (chat, storage) = (new ChatDouble(), new StorageDouble());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(auth);
        builder.Services.AddSingleton(chat);
        builder.Services.AddSingleton(storage);
        var services = builder.Build();
        services.MapGrpcService<AuthDouble>();
        services.MapGrpcService<ChatDouble>();
        services.MapGrpcService<StorageDouble>();
        await services.StartAsync();
        var gateway = new Gateway(redis, services, auth, chat, storage, settings.ToDictionary(), time ?? TimeProvider.System);
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                await gateway.StartNodeAsync();
            }

            // As a proxy does, which sends nobody to a node that is not ready.
            await Eventually.TrueAsync(
                () => gateway._nodes.All(node => node.Services.GetRequiredService<RedisEpoch>().IsComplete), "rooms are open to newcomers");
            if (time is ManualTime stopped && DateTimeOffset.UtcNow - stopped.GetUtcNow() is { Ticks: > 0 } behind)
            {
                // Deadlines of gRPC are by both clocks, and to start takes longer than some of them. Whole seconds, for sweeps stay due then.
                stopped.Advance(TimeSpan.FromSeconds(Math.Ceiling(behind.TotalSeconds)));
            }
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return gateway;
    }

    internal async Task<Node> StartNodeAsync()
    {
        var node = new Node(Settings(), _time, [Audit, Charging]);
        _nodes.Add(node);
        await Task.Run(node.StartServer);
        return node;
    }

    /// <summary>Starts a node as a process of its own, which can be killed.</summary>
    internal Task<NodeProcess> StartProcessAsync(params (string Key, string Value)[] settings) =>
        NodeProcess.StartAsync(Settings().Concat(settings.ToDictionary()).ToDictionary());

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["ConnectionStrings:redis"] = Redis.ConnectionString + ",abortConnect=false",
            ["services:auth:grpc:0"] = _services.Urls.First(),
            ["services:chat:grpc:0"] = _services.Urls.First(),
            ["services:storage:grpc:0"] = _services.Urls.First(),
        };
        settings.TryAdd("SystemMessages:Key", SystemMessageKey);
        if (_time != TimeProvider.System)
        {
            // Redis has a clock of its own, by which a node whose clock stands still is soon dead.
            settings.TryAdd("Signaling:NodeTimeout", "01:00:00");

            // A clock that jumps leaves no time for pongs.
            settings.TryAdd("Signaling:KeepAliveInterval", "1.00:00:00");
        }

        return settings;
    }

    /// <summary>Somebody joins a room, through the first node unless told otherwise.</summary>
    internal Task<Participant> JoinAsync(
        string room,
        string name,
        Role role = Role.Participant,
        int node = 0,
        string? id = null,
        string? resume = null,
        string? wishes = null,
        string opening = "") =>
        Participant.JoinAsync(
            _nodes[node].Address, room, name, role, id ?? "p-" + name.ToLowerInvariant(), resume, wishes, opening: opening);

    /// <summary>A connection that has not said anything yet.</summary>
    internal Task<Participant> ConnectAsync(int node = 0) => Participant.ConnectAsync(_nodes[node].Address);

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var node in _nodes)
            {
                await StopAsync(node);
            }
        }
        finally
        {
            await _services.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }

    private async Task StopAsync(Node node)
    {
        var stopped = node.DisposeAsync().AsTask();
        while (_time is ManualTime time && await Task.WhenAny(stopped, Task.Delay(TimeSpan.FromMilliseconds(20))) != stopped)
        {
            // The moves and last answers that it waits for have limits by this clock; the pause lets what came due happen.
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await stopped;
    }

    /// <summary>One process of the gateway, inside the test's.</summary>
    internal sealed class Node : WebApplicationFactory<Program>
    {
        private readonly Dictionary<string, string> _settings;
        private readonly TimeProvider _time;
        private readonly AuditTrail[] _trails;

        internal Node(Dictionary<string, string> settings, TimeProvider time, AuditTrail[] trails)
        {
            _trails = trails;
            _settings = settings;
            _time = time;
            UseKestrel(0);
        }

        internal Uri Address => new(
            Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
                .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First());

        /// <summary>Stops the node as SIGTERM does.</summary>
        internal Task StopAsync() => Services.GetRequiredService<IHost>().StopAsync();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(_settings.GetValueOrDefault("Environment", "Development"));
            foreach (var (key, value) in _settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureServices(services => services.AddSingleton(_time));
            if (_settings.TryGetValue("Protocols", out var protocols))
            {
                // A factory listens at an address of its own and not at the endpoint of appsettings.json.
                builder.ConfigureServices(services => services.PostConfigure<KestrelServerOptions>(kestrel =>
                    kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = Enum.Parse<HttpProtocols>(protocols))));
            }

            builder.ConfigureLogging(logging =>
            {
                logging.ClearProviders();
                Array.ForEach(_trails, trail => logging.AddProvider(trail));
            });
        }
    }
}
