using OpenTelemetry;
using StackExchange.Redis;
using Yarp.ReverseProxy.Configuration;

namespace Clearway.Proxy.Routing;

/// <summary>
/// Makes the gateway's nodes destinations of their own: those that Redis lists with an address (docs/decisions/0007-room-affinity.md) and
/// that answer there by their id. While none does, the service's plain address is the destination; while Redis is away, the nodes
/// known last are asked. Nobody waits for Redis here.
/// </summary>
internal sealed partial class GatewayNodes(
    IServiceProvider services,
    IConfiguration configuration,
    InMemoryConfigProvider routes,
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<GatewayNodes> log) : BackgroundService
{
    internal const string ClientName = "gateway-nodes";

    internal static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RedisTimeout = TimeSpan.FromSeconds(1);

    private Dictionary<string, Uri> _listed = [];
    private HashSet<string> _reached = [];
    private bool _isListKnown = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await ListAsync();
                await ReachAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task ListAsync()
    {
        try
        {
            _listed = await ReadListAsync();
            if (!_isListKnown)
            {
                LogListed(log);
            }

            _isListKnown = true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            if (_isListKnown)
            {
                LogNotListed(log, exception);
            }

            _isListKnown = false;
        }
    }

    private async Task<Dictionary<string, Uri>> ReadListAsync()
    {
        // What repeats every second is no trace of anything; what is logged of it is, and stands outside.
        using var untraced = SuppressInstrumentationScope.Begin();

        // Resolved here: the first connection is waited for, and must not hold up the start.
        var database = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var listed = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var id in await database.SetMembersAsync("clearway:nodes").WaitAsync(RedisTimeout, time))
        {
            var address = (string?)await database.StringGetAsync($"clearway:node:{id}").WaitAsync(RedisTimeout, time);
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                listed[id.ToString()] = uri;
            }
        }

        return listed;
    }

    private async Task ReachAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(_listed.Select(async node =>
            (Node: node, IsReached: await AnswersAsync(node.Key, node.Value, cancellationToken))));
        var reached = answers.Where(answer => answer.IsReached).Select(answer => answer.Node).ToDictionary();
        if (_reached.SetEquals(reached.Keys))
        {
            return;
        }

        _reached = [.. reached.Keys];
        var config = routes.GetConfig();
        routes.Update(
            config.Routes,
            [
                .. config.Clusters.Select(cluster =>
                    cluster.ClusterId == Routes.Signaling ? Routes.SignalingCluster(configuration, reached) : cluster),
            ]);
        LogReached(log, reached.Count, _listed.Count);
    }

    // By its id: an address that means another machine here, such as a loopback one, must not pass for the node.
    private async Task<bool> AnswersAsync(string id, Uri address, CancellationToken cancellationToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.GetAsync(new Uri(address, $"/health/node/{id}"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 211, Level = LogLevel.Information, Message = "{Reached} of {Listed} nodes of the gateway are reached one by one")]
    private static partial void LogReached(ILogger logger, int reached, int listed);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning, Message = "Redis does not list the gateway's nodes; those known last stay")]
    private static partial void LogNotListed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 213, Level = LogLevel.Information, Message = "Redis lists the gateway's nodes again")]
    private static partial void LogListed(ILogger logger);
}

internal static class GatewayNodesRegistration
{
    /// <summary>Without a connection string of Redis the gateway is one address.</summary>
    internal static void AddGatewayNodes(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration.GetConnectionString("redis")))
        {
            return;
        }

        // The proxy is as ready without Redis as with it.
        builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true);
        builder.Services
            .AddHttpClient(GatewayNodes.ClientName, client => client.Timeout = GatewayNodes.ProbeTimeout)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        builder.Services.AddHostedService<GatewayNodes>();
    }
}
