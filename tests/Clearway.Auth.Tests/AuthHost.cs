using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;
using Clearway.Testing;
using Clearway.TestServers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clearway.Auth.Tests;

/// <summary>The whole service on Kestrel, with real ports, a Redis of its own, a folder of keys and a clock that tests move.</summary>
public sealed class AuthHost : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    public const string TurnSecret = "a secret between auth and the TURN server";

    private readonly TemporaryFolder _keys = new("auth-keys");
    private readonly int _httpPort = ServerProcess.FreePort();
    private readonly int _grpcPort = ServerProcess.FreePort();
    private readonly Dictionary<string, string> _settings;
    private bool _disposed;

    public AuthHost()
        : this([])
    {
    }

    private AuthHost(Dictionary<string, string> settings) => _settings = settings;

    public RedisServer Redis { get; private set; } = null!;

    /// <summary>What the service takes for the time.</summary>
    public ManualTime Time { get; } = new();

    public string KeysDirectory => _keys.Path;

    public string CaDirectory => Path.Combine(_keys.Path, "ca");

    internal LogRecorder Log { get; } = new();

    internal TokenIssuer Issuer => Services.GetRequiredService<TokenIssuer>();

    internal SigningKeys Keys => Services.GetRequiredService<SigningKeys>();

    public Uri GrpcAddress => new($"http://127.0.0.1:{_grpcPort}");

    /// <summary>A service of one test's own, configured otherwise.</summary>
    public static async Task<AuthHost> StartAsync(Dictionary<string, string>? settings = null)
    {
        var host = new AuthHost(settings ?? []);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>A client that keeps no cookie by itself.</summary>
    public HttpClient Http() => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_httpPort}") };

    public async Task InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        UseKestrel();
        StartServer();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!_disposed)
        {
            _disposed = true;
            await Redis.DisposeAsync();
            _keys.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Signs in and answers the Cookie header.</summary>
    public async Task<string> SignInAsync(string name)
    {
        using var client = Http();
        using var response = await client.PostAsJsonAsync("/api/v1/auth/sign-in", new { name, password = Password });
        response.EnsureSuccessStatusCode();
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        return cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
    }

    /// <summary>Sends one request and answers its status and its JSON body.</summary>
    public async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(
        HttpMethod method, string path, object? body = null, string? cookie = null, string? bearer = null, string? forwardedFor = null)
    {
        using var client = Http();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (bearer is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + bearer);
        }

        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response);
    }

    public Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> PostAsync(
        string path, object body, string? cookie = null, string? bearer = null) => SendAsync(HttpMethod.Post, path, body, cookie, bearer);

    /// <summary>Invitations as the creation of a room gives them, for 8 peers and 45 minutes, with a lobby.</summary>
    internal (RoomId Room, string Invitation, string OrganizerInvitation) IssueRoom(string organizer)
    {
        Assert.True(DisplayName.TryParse(organizer, out var name));
        Assert.True(RoomTitle.TryParse("Weekly", out var title));
        Assert.True(RoomPolicy.TryCreate(8, 45, lobby: true, waitForModerator: false, ownTracks: true, out var policy));
        var tenant = new TenantId("default");
        var account = AccountId.Of(tenant, name);
        var room = RoomId.New();
        return (
            room,
            Issuer.Issue(new InvitationClaims(account, tenant, room, Role.Participant, title, policy)).Token,
            Issuer.Issue(new InvitationClaims(account, tenant, room, Role.Organizer, title, policy)).Token);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:redis", Redis.ConnectionString);
        builder.UseSetting("Kestrel:Endpoints:http:Url", $"http://127.0.0.1:{_httpPort}");
        builder.UseSetting("Kestrel:Endpoints:grpc:Url", $"http://127.0.0.1:{_grpcPort}");
        builder.UseSetting("Auth:KeysDirectory", _keys.Path);
        builder.UseSetting("Auth:CaDirectory", CaDirectory);
        builder.UseSetting("Auth:OrganizerPassword", Password);
        // On a busy machine Redis may be late; a test of its absence sets its own limit.
        builder.UseSetting("Auth:RevocationTimeout", "00:00:30");
        builder.UseSetting("Turn:Secret", TurnSecret);
        builder.UseSetting("Turn:Urls:0", "stun:turn.example:3478");
        builder.UseSetting("Turn:Urls:1", "turn:turn.example:3478?transport=udp");
        builder.UseSetting("Turn:Urls:2", "turns:turn.example:5349?transport=tcp");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureServices(services => services
            .AddSingleton<TimeProvider>(Time)
            .AddLogging(logging => logging.AddProvider(Log)));
    }
}
